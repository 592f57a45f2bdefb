/// The words and phrases that change the valence of a neighbour, and the constants of the model.
enum Modifiers {
    static let boost = 0.293
    static let capitals = 0.733
    static let negation = -0.74

    static let negations: Set<String> = words(
        """
        aint arent cannot cant couldnt darent didnt doesnt ain't aren't can't couldn't daren't didn't doesn't dont
        hadnt hasnt havent isnt mightnt mustnt neither don't hadn't hasn't haven't isn't mightn't mustn't neednt
        needn't never none nope nor not nothing nowhere oughtnt shant shouldnt uhuh wasnt werent oughtn't shan't
        shouldn't uh-uh wasn't weren't without wont wouldnt won't wouldn't rarely seldom despite
        """
    )

    static let strengthening: Set<String> = words(
        """
        absolutely amazingly awfully completely considerable considerably decidedly deeply effing enormous enormously
        entirely especially exceptional exceptionally extreme extremely fabulously flipping flippin frackin fracking
        fricking frickin frigging friggin fully fuckin fucking fuggin fugging greatly hella highly hugely incredible
        incredibly intensely major majorly more most particularly purely quite really remarkably so substantially
        thoroughly total totally tremendous tremendously uber unbelievably unusually utter utterly very
        """
    )

    static let weakening: Set<String> = words(
        """
        almost barely hardly kinda kindof kind-of less little marginal marginally occasional occasionally partly scarce
        scarcely slight slightly somewhat sorta sortof sort-of
        """
    )

    static let weakeningPhrases: Set<String> = ["just enough", "kind of", "sort of"]

    static let phrases: [String: Double] = [
        "the shit": 3, "the bomb": 3, "bad ass": 1.5, "badass": 1.5, "bus stop": 0, "yeah right": -2,
        "kiss of death": -1.5, "to die for": 3, "beating heart": 3.5,
    ]

    /// What a single word adds to the strength of a later one; nil when it is no such word.
    static func boost(of word: String) -> Double? {
        if strengthening.contains(word) { return boost }
        if weakening.contains(word) { return -boost }
        return nil
    }

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
