# 亮明 Liangming. Two commands do everything: `make demo` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test lint bench docs lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with every extra (done by the others when needed)

$(READY): pyproject.toml requirements.lock tools/setup.sh
	@sh tools/setup.sh

demo: $(READY) ## play the incidents at a counter, in a browser; nothing is kept
	@$(BIN)/liangming demo

test: $(READY) ## run all tests
	@$(BIN)/pytest

lint: $(READY) ## style, types, and the ladder of rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/translations.py --check

bench: $(READY) ## measure decisions and whole checks, each beside a baseline
	@for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

docs: $(READY) ## regenerate what is generated: the law book, command help, pictures
	@$(BIN)/python tools/docs.py
	@$(BIN)/python tools/pictures.py

lock: ## pin every dependency with its hashes (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --all-extras --group build pyproject.toml -o requirements.lock

clean: ## remove what was made here
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
