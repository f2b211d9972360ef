# What one types in this checkout. `make` alone lists the targets.
#
# Everything lives in .venv/ and demo/; nothing outside the checkout is written, except by `make system-deps`.
# Once set up, demo, test and check need no network: pip runs again only when pyproject.toml, constraints.txt
# or the Python they were installed with changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
SERVE ?= 1
PORT ?=
SIZES ?= 100000 1000000
TESTS ?=

BIN := $(VENV)/bin
EMULATE := tests/providers/emulate
STAMP := $(VENV)/.installed
DEMO := demo
DEMO_COMMAND := $(BIN)/emailresponse --db $(DEMO)/demo.duckdb --config $(DEMO)/config.toml
# What the tests need beyond Python: a browser with a font, an IMAP server, Debian's own venv module, and npm (which
# may be there from elsewhere).
SYSTEM_PACKAGES := chromium dovecot-imapd fonts-dejavu-core python3-venv $(if $(shell command -v npm),,npm)

.PHONY: help venv demo test check bench system-deps emulators clean

help:  ## list the targets
	@echo "make <target>, one of"
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done
	@echo "Settings: PYTHON=$(PYTHON) VENV=$(VENV) PORT=$(PORT) SERVE=$(SERVE) SIZES=\"$(SIZES)\" TESTS=\"$(TESTS)\""

venv: $(STAMP)  ## make .venv with the pinned dependencies

# The stamp holds what was installed from, so that a mere new file time does not call pip.
WHICH := import sys; print(sys.version, sys.base_prefix)
$(STAMP): pyproject.toml constraints.txt
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or later (Debian: apt-get install python3), or name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$("$(PYTHON)" --version 2>&1); emailresponse needs Python 3.11 or later. Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@wanted="$$({ cat pyproject.toml constraints.txt; "$(PYTHON)" -c '$(WHICH)'; pwd; } | sha256sum)"; \
	if [ "$$(cat $(STAMP) 2>/dev/null || true)" = "$$wanted" ]; then touch $(STAMP); exit 0; fi; \
	if [ "$$("$(PYTHON)" -c '$(WHICH)')" != "$$("$(BIN)/python" -c '$(WHICH)' 2>/dev/null || true)" ] || ! "$(BIN)/python" -m pip --version >/dev/null 2>&1; then \
		"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: run 'make system-deps' (Debian: apt-get install python3-venv) and try again." >&2; exit 1; }; \
		"$(PYTHON)" -m venv --clear "$(VENV)"; \
	fi; \
	echo "Installing the pinned dependencies into $(VENV); once, and some minutes ..."; \
	export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore; \
	"$(BIN)/python" -m pip install -qq --no-input -c constraints.txt hatchling editables setuptools wheel </dev/null; \
	"$(BIN)/python" -m pip install -qq --no-input -c constraints.txt --no-build-isolation -e '.[dev]' </dev/null; \
	echo "$$wanted" > $(STAMP)

demo: $(STAMP)  ## run everything on an invented sales team's mail and serve its pages (SERVE=0: only the report)
	@rm -f $(DEMO)/demo.duckdb $(DEMO)/demo.duckdb.wal
	@$(BIN)/emailresponse demo $(DEMO) </dev/null | sed -n 1p
	@echo "Importing JSON lines as from Gmail and Microsoft 365 ..."
	@$(DEMO_COMMAND) import $(DEMO)/mail/*.jsonl </dev/null
	@for path in $(DEMO)/mail/*@*; do \
		name="$${path##*/}"; mailbox="$${name%.*}"; \
		echo "Importing $$mailbox, $$( [ -d "$$path" ] && echo "a Maildir" || echo "a .$${name##*.} file" ) ..."; \
		$(DEMO_COMMAND) import "$$path" --mailbox "$$mailbox" </dev/null; \
	done
	@echo
	@$(DEMO_COMMAND) report </dev/null
	@if [ "$(SERVE)" != 0 ]; then echo; exec $(DEMO_COMMAND) serve $(if $(PORT),--port $(PORT)); fi

test: $(STAMP)  ## run the tests (TESTS="-k chaser" for some of them)
	$(BIN)/python -m pytest $(TESTS) </dev/null

check: $(STAMP)  ## lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## measure speed and memory (SIZES="100000 1000000 10000000")
	$(BIN)/python -m benchmarks.import_rate $(SIZES)
	$(BIN)/python -m benchmarks.rebuild $(SIZES)
	$(BIN)/python -m benchmarks.page $(SIZES)

system-deps:  ## install what the tests need from Debian (apt-get; asks for sudo unless root)
	@missing=""; \
	for package in $(SYSTEM_PACKAGES); do \
		[ "$$(dpkg-query -W -f '$${db:Status-Status}' "$$package" 2>/dev/null || true)" = installed ] || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || { echo "System packages: all there ($(SYSTEM_PACKAGES))."; exit 0; }; \
	command -v apt-get >/dev/null || { echo "This is not Debian: install$$missing yourself." >&2; exit 1; }; \
	as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	$$as_root apt-get update -qq </dev/null; \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing </dev/null

emulators: $(EMULATE)/node_modules/.installed  ## bring the sign-in and Gmail emulator that tests start (npm)

$(EMULATE)/node_modules/.installed: $(EMULATE)/package.json
	@command -v npm >/dev/null || { echo "There is no npm: run 'make system-deps' and try again." >&2; exit 1; }
	@npm install --prefix $(EMULATE) --no-package-lock --no-audit --no-fund --loglevel=error </dev/null
	@touch $@

clean:  ## remove the demo, caches and the venv
	rm -rf $(DEMO) $(EMULATE)/node_modules .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
