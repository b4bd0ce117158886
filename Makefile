# One way to set up, check, show and package. Needs Python 3.11 or later with pip; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_VENV ?= .bench-venv
STATUTORY_VENV ?= .statutory-venv

.PHONY: help demo test lint types unit docs wheel bench statutory-bench steps whole truth worlds effects papers
.PHONY: backtest year clean

help:            ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

$(VENV)/made: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

demo: $(VENV)/made  ## make a sample authority, run everything, say where to look
	$(BIN)/dq demo

test: lint types unit  ## everything that must hold before a change is shared

lint: $(VENV)/made  ## style, and that nothing is written two ways
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/made  ## strict types
	$(BIN)/mypy

unit: $(VENV)/made  ## all tests, and which were skipped and why
	$(BIN)/python -m pytest -rs

docs: $(VENV)/made  ## a page for every rule and indicator, in rule-pages/
	$(BIN)/dq rules docs --out rule-pages

wheel: $(VENV)/made  ## build the wheel into dist/
	$(BIN)/python -m build --wheel

$(BENCH_VENV)/made: tests/bench/requirements.txt
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# BENCH="--sizes 1m --rounds 1" makes it short; docs/bench.md says the rest.
bench: $(VENV)/made $(BENCH_VENV)/made  ## the engine, SQL by hand and other tools on the same rules, as whole processes
	$(BIN)/python -m tests.bench.run --peers-python $(BENCH_VENV)/bin/python $(BENCH)

$(STATUTORY_VENV)/made: tests/statutory/peers/requirements.txt
	$(PYTHON) -m venv $(STATUTORY_VENV)
	$(STATUTORY_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# STATUTORY="--packs ssda903 --sizes 1000" makes it short.
statutory-bench: $(VENV)/made $(STATUTORY_VENV)/made  ## the statutory packs beside other validators on random returns
	$(BIN)/python -m tests.bench.statutory --peers-python $(STATUTORY_VENV)/bin/python $(STATUTORY)

# STEPS="--figures --rounds 1" makes it short; --times 20 is of twenty times Kent.
steps: $(VENV)/made  ## how the steps of a run compare with reading its files, as a ratio in one process
	$(BIN)/python -m tests.bench.steps $(STEPS)

# WHOLE="--children 200 --timed" makes it short.
whole: $(VENV)/made  ## samples of 200 to 200,000 children: is all that was put in found, and what a check costs
	$(BIN)/python -m tests.bench.whole $(WHOLE)

# BACKTEST="--scale 0.1 --seeds 1 --months 3" makes it short.
backtest: $(VENV)/made  ## the nowcast of late recording: as recorded, nowcast and final, over earlier month ends
	$(BIN)/python -m tests.bench.nowcast $(BACKTEST)

# TRUTH="--seeds 2 --scale 0.1" makes it short.
truth: $(VENV)/made  ## samples with known figures, spoiled: does the truth lie inside every range, and how wide are they
	$(BIN)/python -m tests.bench.truth $(TRUTH)

# WORLDS="--worlds 40" makes it short.
worlds: $(VENV)/made  ## small worlds with errors: is every range exactly that of every way to put them right
	PYTHONPATH=tests $(BIN)/python -m tests.indicators.small_worlds $(WORLDS)

# EFFECTS="--exceptions 100 --scale 0.05" makes it short.
effects: $(VENV)/made  ## errors of a spoiled sample put right one at a time: does every figure move as was foretold
	$(BIN)/python -m tests.bench.effects $(EFFECTS)

# YEAR="--scale 0.02" makes it short.
year: $(VENV)/made  ## a simulated year: does every exception stand as it must, is the first run the same made again
	PYTHONPATH=.:tests:tests/ledger $(BIN)/python tests/ledger/year.py $(YEAR)
	PYTHONPATH=.:tests:tests/ledger $(BIN)/python tests/ledger/whole_year.py $(YEAR)

# PAPERS="kent-scs" asks for one.
papers: $(VENV)/made  ## the published papers, recomputed from records: cells reproduced, and every other with its reason
	$(BIN)/python -m tests.papers $(PAPERS)

clean:           ## remove what make made
	rm -rf $(VENV) .bench-venv .statutory-venv .bench-data dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis rule-pages plumbline-demo
