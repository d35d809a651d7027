# The two commands are `make close` and `make test`; both set up what they need, and both may be run again at any time.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PERIOD ?= 2021-08
FUZZ_INPUTS ?= 1000000
BIN := .venv/bin

export BOKSLUT_HOME ?= $(CURDIR)/warehouse/data
EXPORTS := $(BOKSLUT_HOME)/inbox
# The demo's own key lies outside the checkout; an organisation sets BOKSLUT_KEY_FILE to its own.
export BOKSLUT_KEY_FILE ?= $(or $(XDG_STATE_HOME),$(HOME)/.local/state)/bokslut/demo.key
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: help close test check demo bench proof mutate false-alarms drill setup lock clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/ready ## make .venv from the lock file

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; say which: make PYTHON=python3.11 …" >&2; exit 2; }
	@echo "Setting up .venv from requirements.lock"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@grep -A40 '^uv==' requirements.lock | awk 'NR==1 || /^    --hash/ {print} NR>1 && !/^    / {exit}' > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

close: setup ## write the synthetic organisation's exports and close PERIOD (2021-08, or 2022-03; UNTIL=2022-12 lives on)
	@$(BIN)/bokslut demo --to "$(EXPORTS)" $(if $(UNTIL),--until $(UNTIL))
	@$(BIN)/bokslut close $(PERIOD)

demo: setup ## write the synthetic organisation's exports to the home's inbox
	@$(BIN)/bokslut demo --to "$(EXPORTS)" $(if $(UNTIL),--until $(UNTIL))

test: setup ## run the tests
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: setup ## lint code, SQL, walls and types
	@$(BIN)/ruff check flows tests
	@$(BIN)/ruff format --check flows tests
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql
	@$(BIN)/lint-imports
	@$(BIN)/pyright

bench: setup ## measure the close against tests/bench/floor.py, by stage
	@$(BIN)/python -m tests.bench.measure

mutate: setup ## break one fact per rule of the gate in a clean close: that rule and no unrelated one must speak
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && export BOKSLUT_HOME="$$home" && \
	$(BIN)/bokslut demo --to "$$home/inbox" >/dev/null && $(BIN)/bokslut close 2021-08 >/dev/null && \
	$(BIN)/python -m tests.mutate.prove

false-alarms: setup ## close the clean demo at five seeds: nothing critical may be found
	@$(BIN)/python -m tests.mutate.false_alarms

proof: setup ## the long proofs: a million fuzzed inputs, property tests with many more examples; counts go to tests/proof.md
	@$(BIN)/python -m tests.fuzz.proof $(FUZZ_INPUTS)
	@HYPOTHESIS_PROFILE=proof $(BIN)/python -m pytest tests/unit
	@$(BIN)/python -m pytest -m long

drill: setup ## 31 nights of a served house in one run: what happened, what was sent, and eight verdicts
	@$(BIN)/python -m tests.drill

lock: ## compile requirements.lock anew
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev --no-header pyproject.toml -o requirements.lock

clean: ## remove the default home's data (never another home's) and the caches
	@rm -rf warehouse/data .pytest_cache .ruff_cache .hypothesis .import_linter_cache
