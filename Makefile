# make run    the app on http://localhost:$(PORT)
# make test   every check: format, lint, dead code, types, imports, unit tests, slow tests, the browser
# make unit   the unit tests alone; HYPOTHESIS_PROFILE=nightly draws their examples afresh
# make coverage   the unit tests once more, each line and branch counted, which slows them 2.4-fold
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
APP := .venv/.app
TOOLS := .venv/.tools
# Tests start the app many times over: what was compiled once is kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test static unit coverage slow browser bench golden screenshots clean

run: $(APP)
	exec $(BIN)/streamlit run app.py --server.port $(PORT)

# Two lanes beside each other, what each target says in one piece; then the browser, which wants a quiet machine.
test: $(TOOLS)
	$(MAKE) --no-print-directory -j2 --output-sync=target static unit slow
	$(MAKE) --no-print-directory browser

static: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/vulture
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(TOOLS)
	$(BIN)/pytest -m "not browser and not slow" -n logical --dist worksteal

coverage: $(TOOLS)
	$(BIN)/pytest -m "not browser and not slow" -n logical --dist worksteal --cov --cov-report=term

# Calibration and exhaustive search, beside the unit tests: one lane of long arithmetic.
slow: $(TOOLS)
	$(BIN)/pytest -m slow

browser: $(TOOLS)
	$(BIN)/pytest tests/browser -n 2 --dist loadscope

bench: $(TOOLS)
	$(BIN)/python -m tests.bench

golden: $(TOOLS)
	$(BIN)/python -m tests.golden.presets

screenshots: $(TOOLS)
	$(BIN)/python -m tests.screenshots

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(APP): requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $(APP)

$(TOOLS): requirements.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $(APP) $(TOOLS)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache .coverage* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
