# make run    the board on 127.0.0.1:3000 with a node of this machine
#             PORT= HOST= DATA= PUBLIC_URL= are honoured; NODE=0 leaves the node out
# make test   every test; make check   format, lint, types, import contracts, bandit
# make bench  measure; make build   both wheels; make lock   resolve the requirements anew
# make clean  remove what was built; the data folder stays

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := run

export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),true,false)
export REFLEX_TELEMETRY_ENABLED := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
PYTHON ?= python3
NODE ?= 1
JOBS ?= 2
MEMBERS := -e . -e daemon
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
	--python-version 3.11 --no-emit-package openviber-daemon

.PHONY: run test check bench lock build clean frontend daemon-wheel board-installed dev-installed

run: board-installed frontend daemon-wheel
	@exec $(BIN)/openviber-board serve $(if $(filter 0,$(NODE)),,--with-node)

test: dev-installed frontend daemon-wheel
	@$(BIN)/python scripts/ensure_chromium.py
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

check: dev-installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --severity-level medium --configfile pyproject.toml \
		openviber_app daemon scripts 2>/dev/null  # only its own notes on `nosec` go there

bench: dev-installed frontend daemon-wheel
	$(BIN)/python -m bench

build: board-installed frontend daemon-wheel
	$(BIN)/python -m hatchling build -t wheel -d dist
	cd daemon && ../$(BIN)/python -m hatchling build -t wheel -d ../dist
	@ls -l dist

frontend: board-installed
	@$(BIN)/python scripts/frontend.py

daemon-wheel: board-installed
	@$(BIN)/python scripts/daemon_wheel.py

board-installed: .venv/board.stamp

dev-installed: .venv/dev.stamp

.venv/uv.stamp: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: OpenViber needs Python 3.11 or newer; " + sys.executable + " is " + sys.version.split()[0])'
	@echo "making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/uv.txt
	@touch $@

.venv/board.stamp: .venv/uv.stamp requirements/board.txt pyproject.toml daemon/pyproject.toml
	@echo "installing what the board needs"
	@rm -f .venv/dev.stamp
	@$(BIN)/uv pip sync --require-hashes requirements/board.txt
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation $(MEMBERS)
	@touch $@

.venv/dev.stamp: .venv/uv.stamp requirements/dev.txt pyproject.toml daemon/pyproject.toml
	@echo "installing what the tests need"
	@$(BIN)/uv pip sync --require-hashes requirements/dev.txt
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation $(MEMBERS)
	@touch .venv/board.stamp $@

lock: .venv/uv.stamp
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) daemon/pyproject.toml -o requirements/daemon.txt
	$(COMPILE) pyproject.toml daemon/pyproject.toml requirements/build.in -o requirements/board.txt
	$(COMPILE) pyproject.toml daemon/pyproject.toml requirements/build.in --group pyproject.toml:dev -o requirements/dev.txt

clean:
	rm -rf .web .states .cache dist build openviber_app/_frontend* openviber_app/_daemon* assets/external
	find . -name __pycache__ -not -path './.venv/*' -exec rm -rf {} +
