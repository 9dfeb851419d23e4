# triggermap: `make run` opens the app, `make test` passes the tests. Both set everything up first.
# Options go through ARGS:  make test ARGS="-k finder"   make run ARGS="--version"

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint lock-check format plates ways bench wheel smoke clean distclean

UV_VERSION := 0.13.8
BOOTSTRAP := .bootstrap/uv-$(UV_VERSION)
UV := $(BOOTSTRAP)/bin/uv
BIN := .venv/bin

# The first Python that PySide6 6.9.3 runs on; name another with `make PYTHON=/path/to/python3.12 ...`.
ifndef PYTHON
PYTHON := $(shell for name in python3.11 python3.12 python3.13 python3; do \
	"$$name" -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit(1); print(sys.executable)' \
	2>/dev/null && break; done)
endif

# uv uses that Python and never downloads one; an environment that happens to be active is left alone.
export UV_PYTHON := $(PYTHON)
export UV_PYTHON_DOWNLOADS := never
# The machine's certificates, as pip on Debian: a company's proxy is trusted where the machine trusts it.
export UV_SYSTEM_CERTS := true
# Byte code at installation: without it the first start would compile Qt's, numpy's and our modules.
export UV_COMPILE_BYTECODE := true
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

help: ## This list.
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

# --- set-up: uv by pip in an environment of its own, then the locked packages into .venv -------------

setup: python $(UV) ## The environment alone: .venv with the locked packages, Qt's system libraries.
	@"$(PYTHON)" tools/system_libraries.py
	@"$(UV)" sync --frozen --inexact $(if $(wildcard $(BIN)/triggermap),--quiet)

$(UV): | python
	@"$(PYTHON)" tools/system_libraries.py --venv
	@echo "Setting up with $(PYTHON); the first time downloads about 150 MB."
	@rm -rf .bootstrap
	@"$(PYTHON)" -m venv .bootstrap/new
	@.bootstrap/new/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@mv .bootstrap/new "$(BOOTSTRAP)"

.PHONY: python
python:
	@test -n "$(PYTHON)" || { \
	echo "triggermap needs Python 3.11, 3.12 or 3.13, and there is none on the PATH." >&2; \
	echo "On Debian or Ubuntu: sudo apt-get install python3.11 (or python3.12, python3.13: what your release has)." >&2; \
	echo "If it is elsewhere, say where: make PYTHON=/path/to/python3.11 run" >&2; exit 1; }

# --- daily use --------------------------------------------------------------------------------------

run: display setup ## Open the app.
	@"$(BIN)/triggermap" $(ARGS)

test: setup ## Pass the tests.
	@"$(UV)" sync --frozen --inexact --quiet --group platemaker
	"$(BIN)/python" -m pytest -n auto --dist loadfile $(ARGS)

check: setup ## Hold the data against its rules and the body: triggermap check.
	"$(BIN)/triggermap" check $(ARGS)

lint: setup ## ruff, mypy, import-linter.
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"

lock-check: setup
	@"$(UV)" lock --check --quiet || { echo "uv.lock is behind pyproject.toml: run $(UV) lock" >&2; exit 1; }
	@! grep -oE 'registry = "[^"]*"' uv.lock | grep -v '"https://pypi.org/simple"' \
	|| { echo "uv.lock names an index other than PyPI." >&2; exit 1; }

format: setup ## Put the code into the house's form.
	"$(BIN)/ruff" check --fix .
	"$(BIN)/ruff" format .

plates: setup ## Compute assets/body from the meshes in ../shared/body (or TRIGGERMAP_BODY).
	@"$(UV)" sync --frozen --inexact --quiet --group platemaker
	"$(BIN)/python" -m platemaker $(ARGS)

ways: setup ## Walk the ways to all trigger points again (after sites moved), and write docs/safety.md.
	@"$(UV)" sync --frozen --inexact --quiet --group platemaker
	"$(BIN)/python" -m platemaker --only ways
	"$(BIN)/triggermap" safety --markdown > docs/safety.md

bench: setup ## Measure start-up, hit test, repaint, memory.
	QT_QPA_PLATFORM=offscreen "$(BIN)/python" benchmarks/run.py --json $(ARGS)

wheel: setup ## Build the wheel into dist/.
	@rm -rf dist
	"$(UV)" build --wheel --out-dir dist

smoke: wheel ## Install the wheel in an empty environment, the checkout out of sight, and start it.
	"$(BIN)/python" tools/install_smoke.py --uv "$(UV)" dist/*.whl

clean: ## Remove what was built and cached.
	rm -rf dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools platemaker -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## Remove the environment too.
	rm -rf .venv .bootstrap

.PHONY: display
display:
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then \
	echo "There is no display here to open a window on: log in to a desktop, or use 'ssh -X' (make test needs none)." >&2; \
	exit 1; fi
