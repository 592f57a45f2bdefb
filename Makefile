# The front door of the project. Every target installs what it lacks and can be run again.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
# The installation that `make run` serves from.
PRAX_ROOT ?= praximous
CC := clang
OUT := .build-plugins
DIST := dist

PACKAGES := libyaml-dev libarchive-dev libcurl4-openssl-dev libsqlite3-dev libsodium-dev pkg-config binutils clang
TEST_PACKAGES := gcc g++ nlohmann-json3-dev python3
BENCH_PACKAGES := wrk

SWIFT_SKILLS := text_manipulation simple_math internal_summary datetime_tool csv_parser sentiment_analyzer pii_redactor
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
	@echo "== build (release); the first time compiles the libraries, some minutes on two cores"
	swift build -c release --product prax-host
	@for skill in $(SWIFT_SKILLS); do swift build -c release --product $$skill || exit 1; done
	scripts/dist $(DIST)

## make install    copy dist/ to PREFIX (default /usr/local)
.PHONY: install
install: build
	install -d $(DESTDIR)$(PREFIX)
	cp -a $(DIST)/. $(DESTDIR)$(PREFIX)/
