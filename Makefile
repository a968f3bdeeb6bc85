# Two commands matter: `make run` and `make test`. `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-sqlite test-postgresql faults system-packages lint format bench requirements

# Compiled code is kept, whatever this machine's habit: the site starts three times as fast.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r

# The tests' PostgreSQL. Only a database called test_… is made, and removed again.
export TEST_DATABASE_URL ?= postgresql://postgres@127.0.0.1:5432/postgres

# Extra arguments, for example: make test ARGS="-k stop"
ARGS :=

help: ## List what make can do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

run: $(VENV)/run.stamp ## Serve the site on http://localhost:8000
	@exec $(PY) manage.py serve --die-with-parent

test: $(VENV)/dev.stamp system-packages test-sqlite test-postgresql ## Run all tests, on SQLite and on PostgreSQL

lint: $(VENV)/dev.stamp ## Check style, types, layers, templates, settings and migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/djade --check --target-version 6.1 $$(find templates -name '*.html')
	$(VENV)/bin/lint-imports --no-logo
	PUBLIC_URL=https://chat.example.com $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run

format: $(VENV)/dev.stamp ## Format code and templates
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(VENV)/bin/djade --target-version 6.1 $$(find templates -name '*.html')

bench: $(VENV)/dev.stamp ## Measure speed, memory and page weight
	$(PY) -m bench $(ARGS)

requirements: $(VENV)/dev.stamp ## Lock requirements*.in into requirements*.txt (newer: ARGS=--upgrade)
	$(LOCK) $(ARGS) requirements.in -o requirements.txt
	$(LOCK) $(ARGS) requirements-dev.in -o requirements-dev.txt

# Hashes and versions for every platform and every Python we support; where they are fetched from is each machine's matter.
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-config --no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements"

# Tests -------------------------------------------------------------------------------------------------------------

# REQUIRE_ALL=1 (.ci/run) fails what would be skipped because this machine lacks a part.
# A process that has done its tests takes others': some take a thousand times as long as most.
PYTEST := $(PY) -m pytest -n auto --dist worksteal $(if $(REQUIRE_ALL),-p tests.require_all)

test-sqlite:
	DATABASE_URL= $(PYTEST) $(ARGS)

# What touches no database is the same on any, and so are the browser's tests.
test-postgresql:
	@if $(PY) -m tests.postgresql; then \
	  DATABASE_URL="$$TEST_DATABASE_URL" $(PYTEST) -p tests.second_run --ignore=tests/e2e $(ARGS); \
	else test -z "$$REQUIRE_ALL"; fi

faults: $(VENV)/dev.stamp ## Kill and stop processes at random moments, 20 times each (FAULT_ROUNDS, FAULT_SEED)
	DATABASE_URL="$$TEST_DATABASE_URL" FAULT_ROUNDS="$${FAULT_ROUNDS:-20}" $(PY) -m pytest -s tests/faults $(ARGS)

# Best effort: without these the tests that need them are skipped and say so. Debian would start nginx and Caddy at once, in the
# way of whatever serves here; policy-rc.d tells it not to.
system-packages:
	@test "$$(id -u)" = 0 && command -v apt-get >/dev/null || exit 0; \
	missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	command -v caddy >/dev/null || missing="$$missing caddy"; \
	command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	test -n "$$missing" || exit 0; \
	echo "Installing$$missing for the tests …"; \
	export DEBIAN_FRONTEND=noninteractive; \
	policy=/usr/sbin/policy-rc.d; \
	if test -e $$policy; then policy=; else printf '#!/bin/sh\nexit 101\n' >$$policy && chmod +x $$policy; fi; \
	apt-get update -qq; \
	for package in $$missing; do apt-get install -qq -y --no-install-recommends $$package >/dev/null || true; done; \
	test -z "$$policy" || rm -f "$$policy"

# The virtual environment -------------------------------------------------------------------------------------------

$(VENV)/run.stamp: requirements.txt $(PY)
	@echo "Installing requirements …"
	@$(PIP_INSTALL) requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(PY)
	@echo "Installing requirements for development …"
	@$(PIP_INSTALL) requirements-dev.txt
	@touch $@

# A name alone proves nothing: it may be a version manager's shim for a Python that isn't there.
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))

$(PY):
	@for python in $${PYTHON:-python3.14 python3.13 python3.12 python3 python}; do \
	  "$$python" -c '$(SUITABLE)' >/dev/null 2>&1 && exec "$$python" -m venv --clear $(VENV); \
	done; \
	echo "No Python 3.12 or newer was found$${PYTHON:+ as $$PYTHON}. Install one with its venv module, or name it: PYTHON=/path/to/python make run" >&2; \
	exit 1
