# `make demo` and `make test` need only Python 3.11 and a package index.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= $(shell nproc)

.PHONY: demo test lint teacher clean

demo: $(VENV)/.demo
	$(BIN)/python examples/fetch_samples.py demo
	$(BIN)/meronym segment demo/airplane.ply --category airplane --prompts body wing tail --up z --preview --out demo/airplane
	$(BIN)/meronym segment demo/ant.ply --category ant --prompts head thorax abdomen leg antenna --preview --out demo/ant

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/pytest -q -n $(shell nproc) --dist loadfile

teacher: $(VENV)/.test
	$(BIN)/python -m training.features --out build/features
	$(BIN)/python -m training.head --features build/features

$(VENV)/.demo: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --progress-bar off -e .
	touch $@

$(VENV)/.test: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --progress-bar off -e ".[mesh,test,bench]"
	touch $@

clean:
	rm -rf $(VENV) build demo
