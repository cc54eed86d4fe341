# Cypher in two commands: `make run` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help run test lint format messages clean

# What may be given on the command line, as in `make run ARGS="--data /srv/cypher"`.
ARGS ?=
PYTHON ?=
PIP_ARGS ?=

BIN := .venv/bin
INSTALLED := .venv/.installed

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: $(INSTALLED) ## Start the bot: on Discord with DISCORD_TOKEN, else on a local page (ARGS for `bot run`)
	@exec $(BIN)/python -m bot run $(ARGS)

# With bytecode, whatever the environment says: the processes that tests start read it.
test: lint ## Check the code, then run all tests (ARGS for pytest)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n auto --maxprocesses 8 $(ARGS)

lint: $(INSTALLED) ## Check style, types, imports and dependencies
	@check() {
	    output=$$("$${@:2}" 2>&1) || { echo "$$output"; echo "$$1: see above" >&2; exit 1; }
	    echo "$$1: well"
	}
	check "style" $(BIN)/ruff check -q .
	check "layout (make format mends it)" $(BIN)/ruff format --check -q .
	check "types" $(BIN)/mypy
	check "import directions" $(BIN)/lint-imports --no-logo
	check "dependencies" $(BIN)/deptry --no-ansi .

format: $(INSTALLED) ## Lay out the code, and mend what can be mended by itself
	@$(BIN)/ruff check -q --fix-only .
	$(BIN)/ruff format -q .

messages: $(INSTALLED) ## Bring the catalogues of texts in line with the code, and list what wants a translation
	@$(BIN)/python -m bot messages

clean: ## Remove the environment and what tools left behind (data/ stays)
	@rm -rf .venv build *.egg-info .coverage .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last, so that an installation that broke off is taken up again.
$(INSTALLED): pyproject.toml constraints.txt
	@candidates="$(or $(PYTHON),python3.11 python3 python3.12 python3.13 python3.14)"
	found=""
	for candidate in $$candidates; do
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
	        found=$$candidate
	        break
	    fi
	done
	if [ -z "$$found" ]; then
	    echo "Cypher needs Python 3.11 or newer, and found none (tried: $$candidates)." >&2
	    echo "Install it (on Debian: apt install python3 python3-venv), or say where it is:" >&2
	    echo "make run PYTHON=/path/to/python3" >&2
	    exit 1
	fi
	if ! "$$found" -c 'import ensurepip, venv' 2> /dev/null; then
	    echo "This Python ($$found) cannot make environments: its venv module is missing." >&2
	    echo "Install it (on Debian: apt install python3-venv), and try again." >&2
	    exit 1
	fi
	if ! $(BIN)/python -c 'import pip' 2> /dev/null; then
	    "$$found" -m venv --clear .venv
	fi
	echo "Installing what Cypher needs into .venv (2 to 10 minutes, once)"
	if ! $(BIN)/python -m pip install -qq --no-input --disable-pip-version-check \
	    -c constraints.txt $(PIP_ARGS) ".[local,dev]"; then
	    echo "The installation failed; see above. With the network in order, try again." >&2
	    exit 1
	fi
	rm -rf build cypher.egg-info
	touch $@
