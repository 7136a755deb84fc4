# `make demo` to look at Loket, `make test` to trust it. Each target sets up what it needs.

# What a run leaves behind, outside the repository.
STATE ?= $(or $(XDG_STATE_HOME),$(HOME)/.local/state)/loket
export PATH := $(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

.DEFAULT_GOAL := help
.PHONY: help demo run lint test e2e bench rig rig-stop fmt web base

help:
	@echo "make demo   try Loket: a shop with a week of mail (LISTEN=127.0.0.1:8080)"
	@echo "make run    run Loket on its own home folder, $(STATE)/home (LISTEN=… instead of server.listen)"
	@echo "make lint   format, lints, licences, unused dependencies"
	@echo "make test   every test, on SQLite and PostgreSQL, with real mail servers and a browser"
	@echo "make e2e    only what is tested in a browser: the views, and the journeys with real mail servers"
	@echo "make bench  what Loket does with 10,000 mails and 100,000 tickets: a table, and target/bench.json (BENCH_ONLY=hostile: a part)"
	@echo "make rig    start the test rig (tests/rig/README.md); make rig-stop ends it"
	@echo "make fmt    format everything"

demo: base web
	@echo "Building Loket; the first time that takes some minutes."
	cargo build --locked
	@cargo run --locked --quiet -- demo $(if $(LISTEN),--listen $(LISTEN))

run: base web
	@mkdir -p $(STATE)/home
	cargo build --locked
	@cargo run --locked --quiet -- serve --home $(STATE)/home $(if $(LISTEN),--listen $(LISTEN))

lint: base web
	@.ci/need deny machete
	@.ci/lint

test: base web
	@.ci/need nextest
	@.ci/test

e2e: base web
	cargo build --locked
	environment=$$(.ci/rig-env) && eval "$$environment" && npm --prefix frontend run e2e

bench: base web
	environment=$$(.ci/rig-env) && eval "$$environment" && cargo bench --locked --bench bench

rig:
	@tests/rig/bin/up.sh

rig-stop:
	@tests/rig/bin/stop.sh

fmt:
	cargo fmt --all
	npm --prefix frontend run format

base:
	@.ci/need compiler rust node

# The web interface: modules when the lock file changed, a build when a source changed.
web: frontend/dist/index.html

frontend/node_modules/.package-lock.json: frontend/package-lock.json | base
	npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	@touch $@

WEB_SOURCES := $(shell find frontend/src frontend/public frontend/index.html \
	frontend/vite.config.ts frontend/tsconfig.json -type f 2>/dev/null)

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(WEB_SOURCES)
	npm --prefix frontend run build
	@touch $@
