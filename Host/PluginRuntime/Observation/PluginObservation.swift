import PraximousJSON

/// What was seen of a plugin in a process of its own, from before it was loaded until it was destroyed.
package struct PluginObservation: Sendable {
    /// The moments at which the process is looked at, in order.
    package enum Moment: String, Sendable, CaseIterable {
        /// Nothing of the plugin has run.
        case start
        /// Its constructors have.
        case loaded
        /// Its entry function has.
        case entered
        /// It has an instance.
        case created
        /// The instance is gone.
        case destroyed
        /// A few more came and went.
        case warm
        /// All of them came and went.
        case cycled
    }

    package var states: [Moment: ProcessState] = [:]
    /// How long create() took, in nanoseconds.
    package var createNanoseconds = 0
    /// Whether the entry gives the same description each time.
    package var hasOneDescription = false
    /// What the entry says to a host of the next generation of the ABI: whether it gives it a table of this one.
    package var mistakesGenerations = false
    /// Whether the skill's table is the same each time it is asked for.
    package var hasOneInterface = false
    /// Whether it has a table for an interface that does not exist.
    package var inventsInterfaces = false
    /// Whether a second instance could be made beside the first; nil for a plugin that rules it out.
    package var isReloadable: Bool?
    /// How many instances came and went between the last two moments.
    package var cycles = 0
    /// What the process wrote to its standard output and errors, cut.
    package var printed = ""
}

extension PluginObservation {
    var json: JSON {
        var moments: [(String, JSON)] = []
        for moment in Moment.allCases {
            if let state = states[moment] { moments.append((moment.rawValue, state.json)) }
        }
        var all = JSONObject()
        for (name, state) in moments { all[name] = state }
        return [
            "states": .object(all), "create_ns": .integer(createNanoseconds),
            "one_description": .bool(hasOneDescription), "mistakes_generations": .bool(mistakesGenerations),
            "one_interface": .bool(hasOneInterface), "invents_interfaces": .bool(inventsInterfaces),
            "reloadable": isReloadable.map(JSON.bool) ?? .null, "cycles": .integer(cycles),
        ]
    }

    init?(_ json: JSON) {
        guard let states = json["states"]?.objectValue, let time = json["create_ns"]?.intValue else { return nil }
        for member in states {
            if let moment = Moment(rawValue: member.key) { self.states[moment] = ProcessState(member.value) }
        }
        createNanoseconds = time
        hasOneDescription = json["one_description"] == true
        mistakesGenerations = json["mistakes_generations"] == true
        hasOneInterface = json["one_interface"] == true
        inventsInterfaces = json["invents_interfaces"] == true
        isReloadable = json["reloadable"]?.boolValue
        cycles = json["cycles"]?.intValue ?? 0
    }
}
