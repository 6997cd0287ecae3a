# 亮明 Liangming. Two commands do everything: `make demo` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
READY := .venv/.ready
DEMO := .venv/.demo
# Everything but what only tests, fleet audits, devices and measured pages need (docs/adr/0016-audit-engines.md).
NOT_IN_DEMO := dev audit spark edge parity
EXTRAS = $(shell python3 -c "import tomllib; \
	names = tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']; \
	print(*('--extra ' + name for name in names if name not in '$(NOT_IN_DEMO)'.split()))")
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--python-version 3.11 --group build pyproject.toml

.PHONY: help setup demo test lint bench docs lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with every extra (done by the others when needed)

$(READY): pyproject.toml requirements.lock tools/setup.sh
	@sh tools/setup.sh

$(DEMO): pyproject.toml requirements-demo.lock tools/setup.sh
	@sh tools/setup.sh demo

demo: $(DEMO) ## play the incidents at a counter, in a browser; nothing is kept
	@$(BIN)/liangming demo

# In the order of the folders: what a folder starts once (a centre, a browser) is started once a core.
test: $(READY) ## run all tests, a file to a core
	@$(BIN)/pytest -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder

lint: $(READY) ## style, types, and the ladder of rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/translations.py --check

bench: $(READY) ## measure decisions and whole checks, each beside a baseline
	@for file in $$(ls bench/*.py | grep -vE "generator|echo|naive|prepared|rows|rude|__init__"); do echo "== $$file"; $(BIN)/python $$file || exit 1; done

docs: $(READY) ## regenerate what is generated: the law book, command help, the parity report, pictures
	@$(BIN)/python tools/docs.py
	@$(BIN)/python tools/parity.py
	@$(BIN)/python tools/pictures.py

lock: ## pin every dependency with its hashes (needs uv)
	@$(LOCK) --all-extras -o requirements.lock
	@$(LOCK) $(EXTRAS) --constraint requirements.lock -o requirements-demo.lock

clean: ## remove what was made here
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
