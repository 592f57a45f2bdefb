/// Manifests as authors write them.
enum ManifestText {
    static let small = """
        apiVersion: praximous.dev/v1
        kind: skill
        name: acme/echo
        version: 1.0.0
        entry: { linux-x86_64: libecho.so }
        capabilities:
          operations: [{ name: run }]
        task_type: echo

        """

    static let full = """
        apiVersion: praximous.dev/v1
        kind: skill
        name: acme/pdf-extract
        version: 2.1.0
        title: PDF extract
        description: Text, tables and images out of PDF files.
        author: { name: Acme GmbH, email: dev@acme.example, url: https://acme.example }
        license: Apache-2.0
        homepage: https://acme.example/pdf
        source: https://acme.example/pdf.git
        min_host: 1.3.0
        abi: { major: 1, min_minor: 2 }
        entry: { linux-x86_64: lib/linux-x86_64/skill.so }
        requires: { libc: "glibc>=2.31", runtime: [] }
        isolation: { mode: sandbox, share: none, memory_mb: 512, cpu_seconds_per_call: 30, threads: 16,
                     open_files: 64, instances: 1, restart: reload }
        permissions:
          network.http: { hosts: ["api.acme.example", "*.acme.example"], methods: [GET, POST] }
          storage.kv:   { quota_mb: 64 }
          storage.dir:  { quota_mb: 256 }
          invoke.skills: ["acme/ocr"]
          invoke.models: { capabilities: [chat], max_tokens_per_call: 4000 }
        secrets:
          - { name: ACME_TOKEN, description: Token from the console, required: false }
        config_schema: { type: object, additionalProperties: false,
                         properties: { dpi: { type: integer, minimum: 72, maximum: 600, default: 150 } } }
        dependencies: [ { name: acme/ocr, req: "^1.4", optional: true } ]
        capabilities:
          operations:
            - name: extract
              title: Extract text
              description: Text of each page, in order.
              streaming: true
              idempotent: true
              timeout_s: 120
              parameters_schema:
                type: object
                required: [document]
                properties:
                  document: { type: string, contentEncoding: base64 }
                  pages: { type: string, pattern: "^[0-9,-]+$" }
              result_schema: { type: object, properties: { pages: { type: array, items: { type: string } } } }
              example: { request: { task_type: pdf_extract, operation: extract, document: "JVBERi0" } }
            - { name: ping, default: true }
        task_type: pdf_extract
        health: { operation: ping, interval_s: 30 }

        """
}
