package import PraximousJSON
package import Sandbox

extension LayerReport {
    package var json: JSON {
        [
            "layer": .string(layer.rawValue), "state": .string(state.rawValue), "detail": .string(detail),
            "fix": fix.map(JSON.string) ?? .null,
        ]
    }

    package init?(_ json: JSON) {
        guard let layer = json["layer"]?.stringValue.flatMap(Layer.init(rawValue:)),
            let state = json["state"]?.stringValue.flatMap(State.init(rawValue:)),
            let detail = json["detail"]?.stringValue
        else { return nil }
        self.init(
            layer,
            state,
            String(detail.prefix(512)),
            fix: (json["fix"]?.stringValue?.prefix(512)).map(String.init)
        )
    }
}
