import Glibc
import Testing

@testable import Workers

@Suite("What a worker uses") struct UsageTests {
    @Test("is read from the kernel's text: private and shared memory, swap, threads")
    func status() {
        let text = """
            Name:\tprax-host
            State:\tS (sleeping)
            VmPeak:\t  900000 kB
            VmRSS:\t   50000 kB
            RssAnon:\t   10240 kB
            RssFile:\t   30000 kB
            RssShmem:\t     512 kB
            VmSwap:\t     256 kB
            Threads:\t7
            SigQ:\t0/1
            """
        #expect(ProcessSample(status: text) == ProcessSample(residentBytes: 11_272_192, threads: 7))
    }

    @Test(
        "is nothing where the text is something else",
        arguments: ["", "Threads:", "Threads: many\nRssAnon: x kB", "\n\n \t"]
    )
    func nonsense(text: String) {
        #expect(ProcessSample(status: text) == ProcessSample())
    }

    @Test("of this very process is more than nothing, and of none there is none")
    func processes() {
        let own = ProcessSample(of: getpid())
        #expect(own?.residentBytes ?? 0 > 1 << 20)
        #expect(own?.threads ?? 0 > 1)
        #expect(own?.descriptors ?? 0 > 2)
        #expect(ProcessSample(of: -5) == nil)
    }

    private static let base = ProcessSample(residentBytes: 1000, threads: 4, descriptors: 10)
    private static let limits = WorkerLimits(memoryBytes: 500, threads: 3, openFiles: 40, maxFileBytes: 0)

    struct Judgement: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let samples: [ProcessSample]
        let faults: [FaultKind?]
    }

    static let judgements: [Judgement] = [
        Judgement(
            testDescription: "memory",
            samples: [base.with(memory: 1500), base.with(memory: 1501)],
            faults: [nil, .memory]
        ),
        Judgement(
            testDescription: "threads",
            samples: [base.with(threads: 7), base.with(threads: 8)],
            faults: [nil, .threads]
        ),
        Judgement(
            testDescription: "descriptors that grow and grow",
            samples: [40, 41, 42, 43].map { base.with(descriptors: $0) },
            faults: [nil, nil, nil, .descriptors]
        ),
        Judgement(
            testDescription: "many descriptors that stay",
            samples: [45, 45, 46, 46, 47, 47].map { base.with(descriptors: $0) },
            faults: [nil, nil, nil, nil, nil, nil]
        ),
        Judgement(
            testDescription: "descriptors that grow while there are few",
            samples: [11, 15, 20, 30, 39].map { base.with(descriptors: $0) },
            faults: [nil, nil, nil, nil, nil]
        ),
        Judgement(
            testDescription: "descriptors that fall in between",
            samples: [40, 44, 43, 45, 46].map { base.with(descriptors: $0) },
            faults: [nil, nil, nil, nil, nil]
        ),
    ]

    @Test("is its plugin's, but for what a worker needs itself and what was there before the plugin")
    func baseOfWorker() {
        let sample = ProcessSample(residentBytes: 5 << 20, threads: 1, descriptors: 6)
        #expect(
            UsageJudge.base(sample) == ProcessSample(residentBytes: 21 << 20, threads: 4, descriptors: 6)
        )
        // A plugin that was quick with its first threads gets none of them for nothing.
        let late = ProcessSample(residentBytes: 500 << 20, threads: 300, descriptors: 90)
        #expect(UsageJudge.base(late) == ProcessSample(residentBytes: 80 << 20, threads: 4, descriptors: 16))
    }

    @Test("is judged against what it used before its first call", arguments: judgements)
    func judged(_ judgement: Judgement) {
        var judge = UsageJudge(limits: Self.limits, base: Self.base)
        let faults = judgement.samples.map { judge.judge($0) }
        #expect(faults == judgement.faults)
    }
}

extension ProcessSample {
    fileprivate func with(memory: Int? = nil, threads: Int? = nil, descriptors: Int? = nil) -> ProcessSample {
        ProcessSample(
            residentBytes: memory ?? residentBytes,
            threads: threads ?? self.threads,
            descriptors: descriptors ?? self.descriptors
        )
    }
}
