/// Texts and the scores that vaderSentiment 3.3.2 gives them.
struct SentimentRow: Sendable {
    let text: String
    /// Negative, neutral, positive and compound, as written in JSON.
    let scores: String

    init(_ text: String, _ scores: String) {
        self.text = text
        self.scores = scores
    }
}

enum SentimentCorpus {
    static let rows: [SentimentRow] = [
        SentimentRow("The table is brown.", "0.0 1.0 0.0 0.0"),
        SentimentRow("VADER is smart, handsome, and funny!", "0.0 0.248 0.752 0.8439"),
        SentimentRow("VADER is very smart, handsome, and funny.", "0.0 0.299 0.701 0.8545"),
        SentimentRow("VADER is VERY SMART, handsome, and FUNNY!!!", "0.0 0.233 0.767 0.9342"),
        SentimentRow("At least it isn't a horrible book.", "0.0 0.678 0.322 0.431"),
        SentimentRow("The book was only kind of good.", "0.0 0.697 0.303 0.3832"),
        SentimentRow(
            "The plot was good, but the characters are uncompelling and the dialog is not great.",
            "0.327 0.579 0.094 -0.7042"
        ),
        SentimentRow("Today SUX!", "0.779 0.221 0.0 -0.5461"),
        SentimentRow("Make sure you :) or :D today!", "0.0 0.294 0.706 0.8633"),
        SentimentRow("Catch utf-8 emoji such as 💘 and 💋 and 😁", "0.0 0.583 0.417 0.875"),
        SentimentRow("Not bad at all", "0.0 0.513 0.487 0.431"),
        SentimentRow("Without a doubt, excellent", "0.0 0.256 0.744 0.7013"),
        SentimentRow("least helpful", "0.7 0.3 0.0 -0.3252"),
        SentimentRow("kiss of death", "0.506 0.13 0.364 -0.2732"),
        SentimentRow("good good good bad", "0.287 0.0 0.713 0.6369"),
        SentimentRow("😡", "0.0 1.0 0.0 0.0"),
        SentimentRow("I LOVE this", "0.0 0.288 0.712 0.7125"),
        SentimentRow("Nice :-) 100%", "0.0 0.164 0.836 0.6249"),
        SentimentRow("cover charge is a scam!!!!!", "0.549 0.451 0.0 -0.7067"),
        SentimentRow("VADER is VERY SMART, uber handsome, and FRIGGIN FUNNY!!!", "0.0 0.294 0.706 0.9469"),
        SentimentRow("VADER is not smart, handsome, nor funny.", "0.646 0.354 0.0 -0.7424"),
        SentimentRow("The book was good.", "0.0 0.508 0.492 0.4404"),
        SentimentRow("Today only kinda sux! But I'll get by, lol", "0.127 0.556 0.317 0.5249"),
        SentimentRow("Sentiment analysis has never been good.", "0.325 0.675 0.0 -0.3412"),
        SentimentRow("Sentiment analysis has never been this good!", "0.0 0.621 0.379 0.5672"),
        SentimentRow("With VADER, sentiment analysis is the shit!", "0.0 0.583 0.417 0.6476"),
        SentimentRow("On the other hand, VADER is quite bad ass", "0.0 0.423 0.577 0.802"),
        SentimentRow("VADER is such a badass!", "0.0 0.598 0.402 0.4003"),
        SentimentRow("Roger Dodger is at least compelling as a variation on the theme.", "0.0 0.853 0.147 0.2263"),
        SentimentRow(
            "Roger Dodger is one of the least compelling variations on this theme.",
            "0.132 0.868 0.0 -0.1695"
        ),
        SentimentRow("Not such a badass after all.", "0.289 0.711 0.0 -0.2584"),
        SentimentRow("Without a doubt, an excellent idea.", "0.0 0.408 0.592 0.7013"),
        SentimentRow("good bad BUT good bad good, awful awful", "0.585 0.039 0.376 -0.7469"),
        SentimentRow("no problem", "0.0 0.307 0.693 0.3089"),
        SentimentRow("no good or bad", "0.332 0.276 0.393 0.1139"),
        SentimentRow("No", "1.0 0.0 0.0 -0.296"),
        SentimentRow("it was no fun", "0.474 0.526 0.0 -0.4023"),
        SentimentRow("never so happy", "0.0 0.297 0.703 0.6948"),
        SentimentRow("kind of", "0.0 1.0 0.0 0.0"),
        SentimentRow("just enough good", "0.0 0.408 0.592 0.4404"),
        SentimentRow("the very least helpful", "0.0 0.494 0.506 0.4728"),
        SentimentRow("at least helpful", "0.0 0.417 0.583 0.4215"),
        SentimentRow("yeah right, great", "0.0 0.137 0.863 0.743"),
        SentimentRow("food to die for, the bomb", "0.64 0.36 0.0 -0.7964"),
        SentimentRow("GREAT", "0.0 0.0 1.0 0.6249"),
        SentimentRow("GREAT day", "0.0 0.171 0.829 0.7034"),
        SentimentRow("great\u{A0}day", "0.0 0.196 0.804 0.6249"),
        SentimentRow("great\u{200B}day", "0.0 1.0 0.0 0.0"),
        SentimentRow("Really??? Really????", "0.0 1.0 0.0 0.0"),
        SentimentRow("What?? good", "0.0 0.235 0.765 0.504"),
        SentimentRow("what? good", "0.0 0.256 0.744 0.4404"),
        SentimentRow("!!!! good !", "0.0 0.33 0.67 0.6209"),
        SentimentRow("😁great", "0.0 0.571 0.429 0.4588"),
        SentimentRow("great😁", "0.0 0.36 0.64 0.7964"),
        SentimentRow("😁 😡 💔", "0.19 0.368 0.442 0.6249"),
        SentimentRow("👨\u{200D}👩\u{200D}👧 love", "0.0 0.417 0.583 0.6369"),
        SentimentRow("❤\u{FE0F}", "0.0 1.0 0.0 0.0"),
        SentimentRow("❤", "0.0 0.192 0.808 0.6369"),
        SentimentRow("☺ ok", "0.0 0.161 0.839 0.6369"),
        SentimentRow("n't good", "0.706 0.294 0.0 -0.3412"),
        SentimentRow("don't don't don't love it", "0.365 0.635 0.0 -0.3175"),
        SentimentRow("I can’t stand it", "0.0 1.0 0.0 0.0"),
        SentimentRow("isn't GOOD", "0.747 0.253 0.0 -0.4494"),
        SentimentRow("BARELY good but very BAD", "0.549 0.262 0.189 -0.7285"),
        SentimentRow("only sort of   terrible\tand\nugly", "0.626 0.374 0.0 -0.7713"),
        SentimentRow("K\u{212A}ill \u{212A}ill", "0.825 0.175 0.0 -0.6908"),
        SentimentRow("ÜBER GUT great", "0.0 0.328 0.672 0.6249"),
        SentimentRow("good;) (good) 'good' \"good\"", "0.0 0.0 1.0 0.891"),
        SentimentRow(":D :-) x-D O.o :P", "0.124 0.0 0.876 0.8971"),
        SentimentRow("100% :)", "0.0 0.25 0.75 0.4588"),
        SentimentRow("...", "0.0 1.0 0.0 0.0"),
        SentimentRow("a", "0.0 1.0 0.0 0.0"),
        SentimentRow(" ", "0.0 0.0 0.0 0.0"),
        SentimentRow("\u{3000}", "0.0 0.0 0.0 0.0"),
        SentimentRow("lol LOL LMAO", "0.0 0.0 1.0 0.8993"),
        SentimentRow("incredibly incredibly incredibly good", "0.0 0.445 0.555 0.5768"),
        SentimentRow("AMAZINGLY good", "0.0 0.203 0.797 0.6028"),
        SentimentRow("VERY bad", "0.819 0.181 0.0 -0.6732"),
        SentimentRow("so very very bad", "0.591 0.409 0.0 -0.6525"),
        SentimentRow("hopeless, hopeless, hopeless but hopeful", "0.524 0.087 0.389 0.1154"),
        SentimentRow("but", "0.0 1.0 0.0 0.0"),
        SentimentRow("but good", "0.0 0.206 0.794 0.5927"),
        SentimentRow("good but", "0.0 0.339 0.661 0.2382"),
        SentimentRow("İ good ǅ BAD", "0.463 0.219 0.318 -0.3254"),
        SentimentRow("It's not bad. It's not good. It isn't the worst.", "0.155 0.45 0.395 0.5773"),
        SentimentRow(
            "It was one of the worst movies I've seen, despite good reviews. Unbelievably bad acting!! Poor "
                + "direction. VERY poor production. The movie was bad. Very bad movie. VERY BAD movie!",
            "0.587 0.413 0.0 -0.9864"
        ),
    ]
}
