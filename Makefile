# Everything starts here: `make run`, `make test`. Needs Python 3.11 or newer with pip, and make; nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
TO ?=
.PHONY: help run test lint types packages psql bench migrate words lock venv venv-dev clean

VENV := .venv
PY := $(VENV)/bin/python
#: Passed on to pytest: make test ARGS="tests/cli -k port"
ARGS ?=

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: venv  ## start web, worker and scheduler on http://127.0.0.1:8000 (PORT, HOST, TRESTLE_INSTANCE, DATABASE_URL, REDIS_URL)
	@exec $(PY) -m app.cli run --with-parent

test: packages lint types  ## check everything and run all tests (ARGS="tests/cli -k port" for some)
	@PYTEST_ADDOPTS="$$(sh .ci/packages addopts)" $(PY) -m pytest -n auto $(ARGS) || { sh .ci/packages report; exit 1; }
	@sh .ci/packages report

lint: venv-dev  ## style and the order of the rooms
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@if grep -q '^\[tool.importlinter' pyproject.toml; then $(VENV)/bin/lint-imports --no-cache; fi

types: venv-dev  ## static types
	@$(PY) -m mypy

packages:  ## install what the tests need from the system, or say what is missing
	@sh .ci/packages

psql: venv  ## open the database; works in scripts too: echo 'select 1' | make -s psql
	@exec $(PY) -m app.cli psql

migrate: venv  ## bring the database up to date
	@exec $(PY) -m app.cli migrate

words: venv  ## collect what is to be translated (TO=de begins German)
	@exec $(PY) -m app.cli words $(TO)

backup: venv  ## write database and files into one file, while everything runs (FILE=…, WITH_SECRET=yes)
	@exec $(PY) -m app.cli backup $(FILE)

restore: venv  ## read such a file into an empty, stopped instance: make restore FILE=… (FORCE=yes, ACCEPT_KEYS=yes)
	@exec $(PY) -m app.cli restore $(FILE)

bench: venv-dev  ## measure, and print the table
	@exec $(PY) -m bench

venv:
	@sh .ci/venv requirements.lock

venv-dev:
	@sh .ci/venv requirements-dev.lock

lock: venv  ## pin what pyproject.toml asks for, keeping pins that still fit (LOCK_ARGS=--upgrade for the newest)
	@$(PY) -m pip install -qq --disable-pip-version-check uv
	@$(PY) -m uv pip compile $(LOCK) $(LOCK_ARGS) -o requirements.lock
	@$(PY) -m uv pip compile $(LOCK) $(LOCK_ARGS) --group dev -c requirements.lock -o requirements-dev.lock
LOCK = pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

clean:  ## remove the virtual environment (never the data)
	rm -rf $(VENV)
