# Dakehu: key-account management suite. Needs Python 3.11 or newer and make; the rest is installed.
# A target that works on one service takes SERVICE=registry|tiering|engagement|billing.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
READY := .venv/.ready
SERVICE ?=
TESTS := $(if $(SERVICE),tests/services/$(SERVICE),tests)
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest

.PHONY: help setup demo run test check contracts bench lock format image clean

help: ## print this
	@sed -n '1,2s/^# //p' Makefile
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv from the hashed lock (every other target does this by itself)

$(READY): requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 1; }
	@echo "Installing the locked dependencies into .venv (once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--no-deps -r requirements-dev.lock
	@touch $@

demo: $(READY) ## start everything, play a year at a provincial post, print the result, stop
	@$(BIN)/python -m deploy.local demo

run: $(READY) ## start everything and stay up: prints URLs and development tokens; Ctrl-C ends it
	@$(BIN)/python -m deploy.local run

test: $(READY) ## run all tests, or those of one SERVICE
	$(PYTEST) $(TESTS) -n $(JOBS) --dist loadfile

check: $(READY) ## lint, types, import contracts, fresh generated documents, house rules
	@failed=0; run() { echo "$$*"; "$$@" || failed=1; }; \
	run $(BIN)/ruff check .; \
	run $(BIN)/ruff format --check .; \
	run $(BIN)/mypy --strict; \
	run $(BIN)/lint-imports; \
	run $(BIN)/python -m deploy.topology check; \
	run $(BIN)/python -m shared.contracts check; \
	run $(PYTEST) tests/architecture; \
	exit $$failed

contracts: $(READY) ## write the JSON Schemas, docs/events.md, AsyncAPI and the topology; refuse a breaking change
	$(BIN)/python -m deploy.topology write
	$(BIN)/python -m shared.contracts write

bench: $(READY) ## print benchmark ratios: the suite, the journal, late fees of a million (half an hour)
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.ledger
	$(BIN)/python -m tests.benchmarks.arrears

lock: $(READY) ## resolve the dependencies anew and write both locks with hashes
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 --quiet \
		$(UPGRADE) -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --python-version 3.11 --quiet \
		$(UPGRADE) -c requirements.lock --group dev -o requirements-dev.lock pyproject.toml

format: $(READY) ## put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

image: ## build the container image of one SERVICE
	@test -n "$(SERVICE)" || { echo "say which: make image SERVICE=billing"; exit 1; }
	docker build --build-arg SERVICE=$(SERVICE) -t dakehu/$(SERVICE) -f deploy/Dockerfile .

clean: ## remove all data of local starts (var/) and caches; .venv stays
	@$(PYTHON) -m deploy.local.folders
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path "./.venv/*" -type d -prune -exec rm -rf {} +
