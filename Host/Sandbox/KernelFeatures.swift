/// What the running kernel offers, as far as the layers differ by it.
package struct KernelFeatures: Sendable, Hashable {
    /// The version of Landlock, 0 for none.
    package var landlockABI: Int
    /// Whether a filter may ask the host.
    package var hasListener: Bool

    package init(landlockABI: Int, hasListener: Bool) {
        self.landlockABI = landlockABI
        self.hasListener = hasListener
    }

    /// Those of this kernel; whether there is a listener shows when one is made.
    package static var own: KernelFeatures {
        KernelFeatures(landlockABI: LandlockLayer.kernelABI, hasListener: true)
    }
}
