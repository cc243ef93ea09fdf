# The portal's commands. `make help` lists them. Needed: Python 3.11 to 3.14 and make, nothing else.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
TESTERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) * 3 / 2 )))  # half as many again as cores: some wait for servers
PURE := $(wildcard assessments/crunch.py assessments/itemstats.py assessments/growth.py \
	assessments/sentences assessments/responses.py schools/access.py schools/disclosure)

export PORT DEMO

# Modules are compiled once, not anew by every process: where the environment forbids it, each start costs seconds.
export PYTHONDONTWRITEBYTECODE =

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test check lint bench bench-release bench-roster bench-pages bench-search faults long

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: $(VENV)/.run-ready ## the portal on this machine: http://localhost:8000 (PORT and POP_DATA_DIR move it, DEMO=no starts empty)
	@exec $(BIN)/python -m pop_network.embedded

check: lint test ## what CI runs

test: $(VENV)/.dev-ready ## the whole suite, on a real PostgreSQL, a real Redis and a real worker
	$(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder

faults: $(VENV)/.dev-ready ## the long form of the tests that kill servers and workers
	POP_FAULTS=long $(BIN)/python -m pytest -m servers

long: $(VENV)/.dev-ready ## every page against a second program, and the attacker on every page of every role
	POP_FAULTS=long $(BIN)/python -m pytest -m "long or short_form" -n auto --dist loadfile --no-loadscope-reorder

bench: $(VENV)/.dev-ready ## the district's file against the floor of PostgreSQL itself
	$(BIN)/python -m benchmarks.run

bench-release: $(VENV)/.dev-ready ## a district's release with its audit: seconds and memory
	$(BIN)/python -m benchmarks.release

bench-roster: $(VENV)/.dev-ready ## a district's OneRoster package against COPY of the same rows
	$(BIN)/python -m benchmarks.roster

bench-pages: $(VENV)/.dev-ready ## dashboards beside a trivial signed-in page: ratio of their slowest, bytes
	$(BIN)/python -m benchmarks.pages

bench-search: $(VENV)/.dev-ready ## search as it is typed over a district beside a primary-key read
	$(BIN)/python -m benchmarks.search

lint: $(VENV)/.dev-ready ## style, types of the pure modules, direction of imports, migrations, checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/lint-imports
	$(BIN)/mypy --strict $(PURE)
	$(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS_ONLY=yes DEMO_SIGN_INS=no $(BIN)/python manage.py check --deploy --fail-level ERROR

# A lock is installed when it has changed, and not otherwise: the marks are newer than the locks.

$(VENV)/.run-ready: $(VENV)/.uv-ready requirements.lock
	@test -e $(VENV)/.dev-ready -a $(VENV)/.dev-ready -nt requirements-dev.lock || { \
	  echo "Installing what the portal needs ..." ; $(call install,requirements.lock) ; }
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.uv-ready requirements-dev.lock
	@echo "Installing what the portal and its tests need ..."
	@$(call install,requirements-dev.lock)
	@touch $@

$(VENV)/.uv-ready:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	  || { echo "The portal needs Python 3.11 to 3.14; name one: make run PYTHON=python3.12" ; exit 1 ; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

install = $(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python -r $(1)
