import ArgumentParser
import Core

extension Manifest.IsolationWish.Mode: ExpressibleByArgument {}
