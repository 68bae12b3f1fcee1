# make run    the app on http://localhost:$(PORT)
# make test   every check: format, lint, types, imports, unit tests with coverage, then the app in a browser
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test unit browser bench golden screenshots clean

run: $(STAMP)
	exec $(BIN)/streamlit run app.py --server.port $(PORT)

test: unit browser

unit: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not browser" --cov --cov-report=term

browser: $(STAMP)
	$(BIN)/pytest -m browser

bench: $(STAMP)
	$(BIN)/python -m tests.bench

golden: $(STAMP)
	$(BIN)/python -m tests.golden.presets

screenshots: $(STAMP)
	$(BIN)/python -m tests.screenshots

$(STAMP): requirements.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $(STAMP)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
