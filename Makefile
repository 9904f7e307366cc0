# Needs make and Python >= 3.11; everything else is installed into .venv from requirements.lock.
# On Windows use the make and sh of Git for Windows or MSYS2.

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-lowest test-newest coverage fuzz bench docs qgis test-qgis lint format lock dist wheelhouse windows clean

ifeq ($(OS),Windows_NT)
SCRIPTS := Scripts
else
SCRIPTS := bin
endif
BIN := .venv/$(SCRIPTS)
PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
INSTALLED := .venv/.installed
export PYTHONDONTWRITEBYTECODE := # modules are compiled once, not by every process that a test starts
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(INSTALLED): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'landxml needs Python 3.11 or later: install it, or say where it is: make PYTHON=/path/to/python' >&2; exit 1; }
	"$(PYTHON)" -m venv --clear .venv
	$(PIP) install --require-hashes --no-deps --only-binary=:all: -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(INSTALLED)

demo: $(INSTALLED) ## validate a synthetic province package and write the reports to build/demo
	$(BIN)/landxml demo -o build/demo

test: lint ## all checks and the quick tests: what CI runs
	$(BIN)/python -m pytest -n 2 --dist worksteal

MARKS := not slow
test-all: MARKS := slow or not slow
test-all: lint coverage ## the same with the slow tests, and the floor of coverage

coverage: $(INSTALLED) ## the quick tests, and which branches they leave out; fails below the floor
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n 2 --dist worksteal -m "$(MARKS)"
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

test-lowest: ## the quick tests with the lowest versions that pyproject.toml allows
test-newest: ## and with the newest
test-lowest test-newest: test-%:
	"$(PYTHON)" -m venv --clear build/$*
	"$(PYTHON)" tasks/versions.py $* > build/$*/requirements.txt
	build/$*/$(SCRIPTS)/python -m pip install --quiet -r build/$*/requirements.txt
	build/$*/$(SCRIPTS)/python -m pip install --quiet --no-deps --no-build-isolation --editable . pycsw==2.6.2
	build/$*/$(SCRIPTS)/python -m pytest -n 2 --dist worksteal

fuzz: $(INSTALLED) ## damage valid inputs at random and try everything on them [MINUTES=10]
	$(BIN)/python -m tests.fuzz --minutes $(or $(MINUTES),10)

bench: $(INSTALLED) ## measure time and memory on synthetic data
	$(BIN)/python -m benchmarks

docs: $(INSTALLED) ## the documentation as a site in Vietnamese and English, searched without a server: build/docs/site
	$(BIN)/python -m tasks.build_docs build/docs

qgis: ## the plugin for QGIS as a zip, to be installed there: build/landxml_qgis.zip
	mkdir -p build
	git archive --format=zip -o build/landxml_qgis.zip HEAD:integrations/qgis landxml_qgis

test-qgis: $(INSTALLED) ## the plugin run by QGIS without a window, where QGIS is installed
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 0 -m "slow or not slow" tests/qgis

lint: $(INSTALLED) ## style, format, types, direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(INSTALLED) ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## remake requirements.lock (needs uv)
	tasks/lock.sh

dist: $(INSTALLED) ## a release in dist: wheels, sources, bill of materials, licences, hashes
	$(BIN)/python -m tasks.build_dist dist

WHEEL_GIVEN = $(if $(WHEEL),--wheel "$(WHEEL)")
wheelhouse: $(INSTALLED) ## a zip of wheels for Windows computers without a network [WHEEL=…]
	$(BIN)/python -m tasks.build_wheelhouse $(WHEEL_GIVEN)

windows: docs ## zip and installer for Windows computers without Python: PYTHON_EMBED=….zip [WHEEL=…]
	$(BIN)/python -m tasks.build_windows "$(PYTHON_EMBED)" $(WHEEL_GIVEN)

clean: ## remove everything that make made
	rm -rf landxml/walk.*.so landxml/walk.*.pyd .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
