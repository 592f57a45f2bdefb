import Glibc

// Two roles of one program, as the host and its worker are. `host` starts `worker`.
let words = Array(CommandLine.arguments.dropFirst())
guard let role = words.first, let request = Request(Array(words.dropFirst())) else { exit(64) }
exit(role == "worker" ? WorkerRole.run(request) : HostRole.run(request, Array(words.dropFirst())))
