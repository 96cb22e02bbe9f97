# `make demo` and `make test` need only Python 3.11 and a package index.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= $(shell nproc)

.PHONY: demo test lint teacher clean

demo: $(VENV)/.demo
	$(BIN)/python examples/01_first_result.py demo

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q

teacher: $(VENV)/.test
	$(BIN)/python -m training.features --out build/features
	$(BIN)/python -m training.head --features build/features

$(VENV)/.demo: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --progress-bar off -e ".[fast]"
	touch $@

$(VENV)/.test: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --progress-bar off -e ".[fast,train,test,bench]"
	touch $@

clean:
	rm -rf $(VENV) build demo
