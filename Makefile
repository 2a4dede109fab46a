# Fettle's commands. `make help` lists them; a fresh machine needs Python 3.11 with venv, make and git.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
PORT ?= 8000
FUZZ_SECONDS ?= 60
SECONDS ?= 600
ENGINE ?= postgresql
UV_VERSION := 0.13.9

# uv takes the Python that is here; uv and npm trust the certificates that this machine trusts.
export UV_PYTHON ?= $(PYTHON)
export UV_PYTHON_DOWNLOADS ?= never
TRUSTED := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifdef TRUSTED
export UV_SYSTEM_CERTS ?= true
export NODE_EXTRA_CA_CERTS ?= $(TRUSTED)
endif

# Compiled once and kept, whatever the shell says: without it every start compiles 1,100 modules anew.
unexport PYTHONDONTWRITEBYTECODE

UV := .tools/bin/uv
BIN := .venv/bin
UV_STAMP := .tools/uv-$(UV_VERSION)
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
PEER := tests/interop/fedify
SUITE := tests/interop/activitypub_testing
PYTEST := $(BIN)/pytest -n 2
NOT_HERE := --ignore=tests/interop

.PHONY: help run test test-nodes test-pages test-quick interop fuzz check format demo bench network soak migration clean dev browser proxy

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Only here, so that no test and no benchmark inherits it.
run: export FETTLE_DEVELOPMENT := true
run: export FETTLE_ADDRESS ?= http://localhost:$(PORT)
run: export FETTLE_DATA_DIR ?= data
run: export FETTLE_PORT ?= $(PORT)
run: $(READY) ## Start a hub on http://localhost:8000, for this machine only
	@exec $(BIN)/fettle serve

test: dev browser ## Run the tests: SQLite, PostgreSQL, browser
	@$(MAKE) -j2 test-nodes test-pages

# The tests of a file share what it starts.
test-nodes: dev
	$(PYTEST) --dist loadfile $(NOT_HERE) --ignore=tests/browser -m "not long"

# Beside the others, in one process of its own: the browser's hubs live as long as a run, on SQLite, and
# Tortoise has one engine a process at a time.
test-pages: dev browser
	$(BIN)/pytest -q tests/browser

test-long: dev proxy ## Test what takes minutes: the demonstration, a cluster, its image, a bad day, the benchmark
	$(PYTEST) --dist loadfile $(NOT_HERE) -m long

test-quick: dev ## Run the tests that need no browser and no other software
	$(PYTEST) --dist loadfile $(NOT_HERE) --ignore=tests/browser --engine=sqlite -m "not browser and not postgres and not long"

interop: dev $(PEER)/node_modules/.package-lock.json $(SUITE)/node_modules/.package-lock.json ## Test with other people's software (needs npm)
	$(BIN)/pytest tests/interop

fuzz: dev ## Look for input that breaks what reads from strangers, for FUZZ_SECONDS (60) in all
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

check: dev ## Check style, types, import rules and the lock file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(UV) lock --check --quiet

format: dev ## Put the code into its style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

demo: $(READY) ## Start three hubs and a national team's node that follow each other
	@exec $(BIN)/fettle demo

bench: dev ## Measure speed, print a table and write JSON to bench/results/
	@exec $(BIN)/python -m bench

network: dev ## Play 500 hubs that one subscribes to (ENGINE=postgresql), measure how it keeps up, write figures
	@exec $(BIN)/python -m bench.network --engine $(ENGINE)

soak: dev proxy ## Run a hub of many processes through a bad day (SECONDS=600), print and write figures
	@exec $(BIN)/python -m bench.soak --seconds $(SECONDS)

migration: dev ## Write the migration that the tables ask for
	$(BIN)/python -m server.db.make

clean: ## Remove what these commands made, but never data/
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .fuzz dist $(PEER)/node_modules $(SUITE)/node_modules
	find federation server tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

dev: $(READY_DEV)

$(UV_STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Fettle needs Python 3.11 or newer: on Debian 12, apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Fettle needs Python's venv: on Debian 12, apt-get install python3-venv" >&2; exit 1; }
	@echo "Making Fettle's own environment (once)..."
	@rm -rf .tools && $(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet uv==$(UV_VERSION)
	@touch $@

$(READY): $(UV_STAMP) pyproject.toml uv.lock
	@$(UV) sync --quiet --locked --no-dev --inexact
	@touch $@

$(READY_DEV): $(UV_STAMP) pyproject.toml uv.lock
	@$(UV) sync --quiet --locked --all-groups
	@touch $(READY) $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	@command -v npm >/dev/null \
	  || { echo "The interop tests need npm: on Debian 12, apt-get install npm" >&2; exit 1; }
	npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@

# Debian's chromium, or what CHROMIUM names. As root it is installed; otherwise we say what to do, and fail.
browser:
	@if [ -n "$${CHROMIUM:-}" ] && [ -x "$$CHROMIUM" ]; then exit 0; fi; \
	command -v chromium >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium for the browser tests..."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else \
	  echo "The browser tests need chromium: sudo apt-get install chromium (or set CHROMIUM to its path)." >&2; \
	  echo "Without a browser, make test-quick runs what needs none." >&2; \
	  exit 1; \
	fi

# Debian's Caddy, for the tests of several processes behind one proxy. The same rules.
proxy:
	@command -v caddy >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing caddy for the tests of a cluster..."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends caddy; \
	else \
	  echo "The tests of a cluster need Caddy: sudo apt-get install caddy." >&2; \
	  echo "Without it, make test-quick runs what needs none." >&2; \
	  exit 1; \
	fi
