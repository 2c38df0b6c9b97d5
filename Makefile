# Every command of the project; `make help` lists them.
PYTHON ?= python3
RUN := .venv/bin/python -m
# Browsers and models must not share two cores with a dozen maths threads.
export OMP_NUM_THREADS ?= 2
export TOKENIZERS_PARALLELISM ?= false

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test lint format bench screens migrate clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## Install into .venv, without starting anything
	@$(PYTHON) bootstrap.py

setup-test:
	@$(PYTHON) bootstrap.py --test

run: setup ## Start Ninefold with the demo company
	@$(RUN) app.cli serve --demo

test: setup-test ## Run the whole test suite
	@$(RUN) pytest -n 2 --dist loadscope $(ARGS)

lint: setup-test ## Check style, types and the direction of imports
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@$(RUN) mypy
	@.venv/bin/lint-imports

format: setup-test ## Lay out the code and sort the imports
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench: setup-test ## Measure speed and validity (benchmarks/README.md)
	@$(RUN) benchmarks.speed
	@$(RUN) benchmarks.validity

screens: setup-test ## Render every page of the demo into screens/
	@$(RUN) tests.browser.screens

migrate: setup-test ## Write a migration from the models: make migrate NAME="what changes"
	@$(RUN) app.cli db revise "$(NAME)"

clean: ## Remove what was installed and built; data in var/ stays
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
