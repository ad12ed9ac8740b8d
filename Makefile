SHELL := /bin/sh
PY := .venv/bin/python
CODE := libs apps services tests conftest.py $(wildcard scripts/*.py) $(wildcard bench)
PACKAGES := $(wildcard libs/*/src apps/*/src services/*/src)
UNIT := tests/spec $(wildcard libs/*/tests/unit libs/*/tests/spec apps/*/tests/unit services/*/tests/unit services/*/tests/spec)
DOCTESTS := libs/common/src/premia_common libs/plan/src $(wildcard services/*/src/*/domain)
export PYTHON
# Every process of a demo or a test run would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help bootstrap demo stop test test-distributed check lint format openapi schemas manual lock migration bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

bootstrap: ## make .venv as requirements.lock says; instant when nothing changed
	@scripts/bootstrap.sh

demo: bootstrap ## run everything locally and the main job on it; ONCE=1 exits afterwards
	@.venv/bin/premia demo $(if $(ONCE),--once)

stop: bootstrap ## stop whatever an earlier demo left running
	@$(PY) -m premia_runtime.local.stop .premia/demo

test: bootstrap ## every test; ARGS="-k name" are passed on
	@$(PY) -m pytest -q --doctest-modules $(DOCTESTS)
	@$(PY) -m pytest -q -n 2 --dist loadgroup libs apps services tests $(ARGS)

test-distributed: ## plans calculated by a Spark Connect server with two workers as by DuckDB
	@scripts/bootstrap.sh distributed
	@.venv-distributed/bin/python -m pytest -q services/calc-engine/tests/distributed $(ARGS)

check: lint ## lint, types, contracts, unit and spec tests; no database
	@$(PY) -m pytest -q --doctest-modules $(DOCTESTS)
	@$(PY) -m pytest -q -m "not integration and not e2e" $(UNIT)

lint: bootstrap ## style, formatting, types and import contracts
	@.venv/bin/ruff check --quiet $(CODE)
	@.venv/bin/ruff format --quiet --check $(CODE)
	@.venv/bin/mypy $(PACKAGES)
	@.venv/bin/lint-imports

format: bootstrap ## format the code and apply the safe corrections
	@.venv/bin/ruff format --quiet $(CODE)
	@.venv/bin/ruff check --quiet --fix $(CODE)

openapi: bootstrap ## write openapi.json of each service from its code
	@$(PY) scripts/contracts.py openapi

schemas: bootstrap ## write the JSON Schemas of events and plans from the code
	@$(PY) scripts/contracts.py schemas plan

manual: bootstrap ## write docs/manual from the entries of tests/spec/manual
	@$(PY) scripts/manual.py

lock: bootstrap ## resolve the dependencies anew into requirements.lock
	@UV_SYSTEM_CERTS=$${UV_SYSTEM_CERTS:-1} .tools/bin/uv lock --quiet
	@.tools/bin/uv export --quiet --frozen --all-packages --all-groups --no-emit-workspace \
	  --no-header --no-annotate --format requirements-txt --output-file requirements.lock >/dev/null
	@.tools/bin/uv export --quiet --frozen --all-packages --all-groups --extra distributed \
	  --no-emit-workspace --no-header --no-annotate --format requirements-txt | \
	  awk 'NR == FNR { known[$$1]; next } /^[^ ]/ { more = !($$1 in known) } more' \
	  requirements.lock - >requirements-distributed.lock

migration: bootstrap ## new migration: make migration s=calc-engine m="add a column"
	@test -n "$(s)" && test -n "$(m)" || { echo 'usage: make migration s=calc-engine m="add a column"' >&2; exit 2; }
	@cd services/$(s) && ../../.venv/bin/alembic revision -m "$(m)"

bench: bootstrap ## measure, and print the ratios to the baselines
	@$(PY) -m bench

clean: ## delete caches and what demos left; keeps .venv
	@if [ -x $(PY) ] && [ -d .premia ]; then $(PY) -m premia_runtime.local.stop .premia/demo; fi
	@rm -rf .premia .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	@find libs apps services tests -name __pycache__ -type d -prune -exec rm -rf {} +
