import CLinux
import Glibc
import PluginRuntime
import Synchronization
import TestSupport
import Testing

@testable import Workers

/// The host's output to a worker whose end of the socket is in the test's hands.
private final class Line: Sendable {
    let output: HostOutput
    let process: WorkerProcess
    /// What the worker would read from.
    let far: Int32
    private static let writable = DescriptorWatch.writable()

    init() throws {
        process = try WorkerProcess(executable: "/bin/true")
        _ = process.wait(milliseconds: 5000)
        close(process.output)
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        #expect(dup2(ends[0], process.socket) == process.socket)
        close(ends[0])
        far = ends[1]
        output = HostOutput(to: process, writable: Self.writable)
    }

    deinit { close(far) }

    /// Reads on a thread of its own until `enough` is so or the time is up.
    func frames(until enough: @escaping @Sendable ([CopiedFrame]) -> Bool) async throws -> [CopiedFrame] {
        try await Blocking.run { [far] in
            var decoder = FrameDecoder()
            var frames: [CopiedFrame] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            var polled = pollfd(fd: far, events: Int16(POLLIN), revents: 0)
            while !enough(frames), poll(&polled, 1, 5000) > 0 {
                let count = read(far, &buffer, buffer.count)
                guard count > 0 else { break }
                frames += try decoder.feed(Array(buffer[..<count]))
            }
            return frames
        }
    }
}

@Suite("The host's output to a worker", .timeLimit(.minutes(1))) struct HostOutputTests {
    @Test("keeps the order of each of eight threads, to a reader that is slow")
    func order() async throws {
        let line = try Line()
        async let frames = line.frames { $0.count == 16_000 }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for thread in 0..<8 {
                tasks.addTask {
                    try await Blocking.run {
                        for number in 0..<2000 {
                            let isSent = line.output.send(
                                .call,
                                number: UInt32(thread << 16 | number),
                                body: [UInt8](repeating: UInt8(thread), count: number % 700)
                            )
                            #expect(isSent)
                        }
                    }
                }
            }
            try await tasks.waitForAll()
        }
        var next = [Int](repeating: 0, count: 8)
        for frame in try await frames {
            let (thread, number) = (Int(frame.number >> 16), Int(frame.number & 0xFFFF))
            #expect(next[thread] == number)
            #expect(frame.payload == [UInt8](repeating: UInt8(thread), count: number % 700))
            next[thread] += 1
        }
        #expect(next == [Int](repeating: 2000, count: 8))
        #expect(line.output.waitingBytes == 0)
    }

    @Test("never waits for a worker that does not read, and keeps 64 MiB for it at most")
    func bounded() async throws {
        let line = try Line()
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        var sent = 0
        let start = MonotonicClock.now()
        while line.output.send(.call, number: UInt32(sent), body: piece) { sent += 1 }
        #expect(MonotonicClock.now() - start < 5_000_000_000)
        #expect((60..<70).contains(sent))
        #expect(line.output.waitingBytes <= 64 << 20)
        // When it reads after all, nothing has been lost but what was refused.
        let count = sent
        let frames = try await line.frames { $0.count == count }
        #expect(frames.map(\.number) == (0..<count).map(UInt32.init))
        #expect(await eventually { line.output.waitingBytes == 0 })
        #expect(line.output.send(.bye))
        #expect(try await line.frames { !$0.isEmpty }.map(\.kind) == [.bye])
    }

    @Test("does not take long over very many little frames that have piled up")
    func manyLittle() async throws {
        let line = try Line()
        let count = 1_000_000
        for number in 0..<count { #expect(line.output.send(.credit, number: UInt32(number), body: [1, 2, 3, 4])) }
        let start = MonotonicClock.now()
        let frames = try await line.frames { $0.count == count }
        #expect(frames.count == count)
        #expect(frames.last?.number == UInt32(count - 1))
        // Whoever else wants to say something meanwhile is not held up.
        #expect(MonotonicClock.now() - start < 10_000_000_000)
    }

    @Test("cuts a message of any size into frames", arguments: [0, 1 << 20, (1 << 20) + 1, 5 << 20])
    func message(bytes: Int) async throws {
        let line = try Line()
        let message = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 % 251) }
        #expect(line.output.sendMessage(.hostResponse, number: 9, message))
        let frames = try await line.frames { $0.last?.flags == 0 }
        #expect(frames.flatMap(\.payload) == message)
        #expect(frames.allSatisfy { $0.kind == .hostResponse && $0.number == 9 })
    }

    @Test("brings a descriptor with the frame that speaks of it, however much is on its way")
    func descriptor() async throws {
        let line = try Line()
        let filler = [UInt8](repeating: 0, count: 300_000)
        var pipes: [[Int32]] = []
        for number in 0..<20 {
            var ends: [Int32] = [-1, -1]
            #expect(prax_pipe_cloexec(&ends) == 0)
            pipes.append(ends)
            #expect(line.output.send(.call, number: UInt32(number), body: filler, descriptor: ends[0]))
            #expect(line.output.send(.ping, number: UInt32(number)))
        }
        let arrived = try await Blocking.run { try Self.receive(20, from: line.far) }
        #expect(arrived.map(\.number) == (0..<20).map(UInt32.init))
        for (number, frame) in arrived.enumerated() {
            // What goes into that pipe comes out of this descriptor.
            #expect(write(pipes[number][1], [UInt8(number)], 1) == 1)
            var byte: UInt8 = 255
            #expect(read(frame.descriptor, &byte, 1) == 1)
            #expect(byte == UInt8(number))
            close(frame.descriptor)
            // The host has closed its own: nobody can read any more.
            var polled = pollfd(fd: pipes[number][1], events: Int16(POLLOUT), revents: 0)
            #expect(poll(&polled, 1, 0) == 1 && polled.revents & Int16(POLLERR) != 0)
            close(pipes[number][1])
        }
    }

    @Test("closes what nobody will take any more")
    func closed() async throws {
        let line = try Line()
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        var watched: [Int32] = []
        for number in 0..<8 {
            var ends: [Int32] = [-1, -1]
            #expect(prax_pipe_cloexec(&ends) == 0)
            watched.append(ends[1])
            #expect(line.output.send(.call, number: UInt32(number), body: piece, descriptor: ends[0]))
        }
        line.output.close()
        var last: [Int32] = [-1, -1]
        #expect(prax_pipe_cloexec(&last) == 0)
        watched.append(last[1])
        #expect(!line.output.send(.call, descriptor: last[0]))
        // A pipe that nobody can read from any more: the first one may be on its way.
        var readerless = 0
        for end in watched {
            var polled = pollfd(fd: end, events: Int16(POLLOUT), revents: 0)
            #expect(poll(&polled, 1, 0) >= 0)
            readerless += polled.revents & Int16(POLLERR) != 0 ? 1 : 0
            close(end)
        }
        #expect(readerless >= 8)
        #expect(line.output.waitingBytes == 0)
    }

    @Test("may be closed while eight threads write")
    func closedMeanwhile() async throws {
        for _ in 0..<20 {
            let line = try Line()
            async let frames = line.frames { $0.count == 8000 }
            await withTaskGroup(of: Void.self) { tasks in
                for thread in 0..<8 {
                    tasks.addTask {
                        for number in 0..<1000 {
                            line.output.send(
                                .call,
                                number: UInt32(thread * 1000 + number),
                                body: [UInt8](repeating: 0, count: 999)
                            )
                            if thread == 3, number == 100 { line.output.close() }
                        }
                    }
                }
            }
            shutdown(line.process.socket, Int32(SHUT_RDWR))
            #expect(try await frames.count < 8000)
            #expect(!line.output.send(.bye))
        }
    }

    @Test("tells when little is left to read, or nobody to read it")
    func whenWaiting() async throws {
        let line = try Line()
        let told = Mutex(0)
        let toldAtEnd = Mutex(0)
        line.output.whenWaiting(atMost: 0) { told.withLock { $0 += 1 } }
        #expect(told.withLock { $0 } == 1)
        for _ in 0..<4 { line.output.send(.call, body: [UInt8](repeating: 1, count: 1 << 20)) }
        line.output.whenWaiting(atMost: 1 << 20) { told.withLock { $0 += 1 } }
        #expect(told.withLock { $0 } == 1)
        _ = try await line.frames { $0.count == 4 }
        #expect(await eventually { told.withLock { $0 } == 2 })
        for _ in 0..<4 { line.output.send(.call, body: [UInt8](repeating: 1, count: 1 << 20)) }
        line.output.whenWaiting(atMost: 0) { toldAtEnd.withLock { $0 += 1 } }
        line.output.close()
        #expect(toldAtEnd.withLock { $0 } == 1)
        #expect(told.withLock { $0 } == 2)
    }

    /// The numbers of so many calls and the descriptor that came with each.
    private static func receive(_ count: Int, from socket: Int32) throws -> [(number: UInt32, descriptor: Int32)] {
        var decoder = FrameDecoder()
        var descriptors: [Int32] = []
        var numbers: [UInt32] = []
        while numbers.count < count {
            let room = decoder.room()
            var descriptor: Int32 = -1
            let received = prax_receive(socket, room.baseAddress, room.count, &descriptor, 1)
            guard received > 0 else { break }
            if descriptor >= 0 { descriptors.append(descriptor) }
            decoder.received(received)
            while let frame = try decoder.next() {
                if frame.kind == .call { numbers.append(frame.number) }
            }
        }
        return Array(zip(numbers, descriptors))
    }
}
