SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header
# Tests in a browser wait for it a quarter of their time.
HALF_MORE = $$(($$(getconf _NPROCESSORS_ONLN) * 3 / 2))
# The build backend is locked with the rest, so that nothing is fetched unseen.
BUILD_BACKEND = printf 'hatchling\neditables\n'

.PHONY: help setup run test check format words screenshots lock bench clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(RUNTIME) ## Install Baton into .venv
	@echo "Baton is installed: $(BIN)/baton"

run: $(RUNTIME) ## Set up if needed, then serve on http://localhost:8000 (PORT)
	@$(BIN)/baton up

test: $(DEV) ## Set up if needed, the browser included, then run every test
	@.ci/setup.sh browser
	$(BIN)/pytest -n logical --dist worksteal -m "not e2e and not crash"
	$(BIN)/pytest -n $(HALF_MORE) --dist worksteal tests/browser
	$(BIN)/pytest -n logical --dist worksteal -m "e2e or crash" e2e tests/crash tests/test_up.py tests/conformance

check: $(DEV) ## Check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --num-workers auto

format: $(DEV) ## Format and mend what can be mended by rule
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

screenshots: $(DEV) ## Take the pictures of docs/screenshots anew, on three kinds of screen
	@.ci/setup.sh browser
	$(BIN)/python -m e2e.screenshots

words: $(DEV) ## Bring the catalogues up to date with the sources and say what is untranslated
	$(BIN)/python -m tests.words

lock: $(DEV) ## Resolve the dependencies anew (ARGS=--upgrade for newer ones)
	$(BUILD_BACKEND) | $(COMPILE) $(ARGS) pyproject.toml - -o requirements.lock
	$(BUILD_BACKEND) | $(COMPILE) $(ARGS) pyproject.toml - --extra dev -c requirements.lock -o requirements-dev.lock
	echo uv | $(COMPILE) $(ARGS) - -o .ci/installer.lock

bench: $(DEV) ## Run the benchmarks
	$(BIN)/python -m tests.bench

clean: ## Remove what set-up and tests made; data under var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock pyproject.toml .ci/installer.lock .ci/setup.sh
	@.ci/setup.sh packages requirements.lock
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@.ci/setup.sh packages requirements-dev.lock
	@touch $@
