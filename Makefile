# `make help` shows what there is. Only Python 3.11+ and make are needed to begin.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
V := .venv/bin
FLASK := $(V)/flask --app wsgi
PIP := $(V)/pip install -q --disable-pip-version-check --require-hashes
# What the demo writes is for its owner only. Keys that the environment has go first.
KEYS := umask 077; . ./var/keys; export SIGNING_KEYS="$${SIGNING_KEYS-var/signing}";

.PHONY: help run test lint format weigh bench demo messages pins needs
.NOTPARALLEL:
.DEFAULT_GOAL := help

help: ## Show this
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

run: .venv/run var/keys var/signing ## Start the service with a demo province (PORT, HOST, DATABASE_URL)
	@$(KEYS) $(FLASK) migrate && $(FLASK) load-reference && $(FLASK) demo --if-empty && \
		exec $(V)/gunicorn -c deploy/gunicorn.conf.py wsgi

test: needs .venv/dev ## Run all tests on SQLite and PostgreSQL and in browsers (ARGS="tests/visits -x")
	@$(V)/python -m pytest -n auto --maxprocesses 4 $(ARGS)

lint: .venv/dev ## Look for faults in code, types and templates
	@$(V)/ruff check . && $(V)/ruff format --check . && $(V)/mypy && $(V)/djlint --quiet --lint templates

format: .venv/dev ## Put code and imports in order
	@$(V)/ruff check --fix --select I . && $(V)/ruff format .

weigh: .venv/dev ## Weigh every page; fails when one is too heavy
	@$(V)/python -m bench.weigh $(ARGS)

bench: .venv/dev ## Measure certificates, doses and look-ups a second on PostgreSQL (PEOPLE=1000000 SITES=1000 ARGS=--help)
	@PYTHON=$(V)/python tools/needs initdb
	@$(V)/python -m bench.certificates
	@$(V)/python -m bench.load $(ARGS)

demo: .venv/run var/keys var/signing ## Add made-up people and sites (PEOPLE=1000 SITES=20 SEED=1)
	@$(KEYS) $(FLASK) migrate && $(FLASK) load-reference && $(FLASK) demo \
		$(if $(PEOPLE),--people $(PEOPLE)) $(if $(SITES),--sites $(SITES)) $(if $(SEED),--seed $(SEED))

messages: .venv/dev ## Bring translations/ up to the texts of code and templates; say what is missing
	@$(V)/python -m tools.messages

pins: ## Write requirements*.txt anew from requirements*.in (needs uv)
	@for name in requirements requirements-dev; do uv pip compile -q --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate $$name.in -o $$name.txt >/dev/null || exit 1; done

needs:
	@PYTHON=$(PYTHON) tools/needs

# Stamps: nothing is installed again until the pins change.
.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian: apt install python3-venv"; exit 1; }

.venv/run: requirements.txt | .venv/bin/pip
	@echo "Installing the requirements" && $(PIP) -r $< && touch $@

.venv/dev: requirements-dev.txt | .venv/bin/pip
	@echo "Installing the requirements and the tools" && $(PIP) -r $< && touch $@ .venv/run

# Losing this file means that everybody signs in again and that printed PINs no longer open.
var/keys: | .venv/bin/pip
	@mkdir -p var && umask 077 && $(V)/python -c 'import secrets; [print("export %s=\"$${%s:-%s}\"" % \
		(name, name, secrets.token_hex(32))) for name in ("SECRET_KEY", "DATA_KEY")]' > $@

# A test authority of its own; what the demo certifies is believed by nobody else.
var/signing: | .venv/run var/keys
	@$(KEYS) rm -rf $@.new && SIGNING_KEYS= $(FLASK) keys ceremony $@.new >/dev/null && mv $@.new $@
