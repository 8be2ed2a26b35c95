# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything is set up below .cache/, .nox/ and .venv/, from nothing. The tools get a HOME in there as well.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3

# Looks at the machine, and sets HOME, PIP_CONSTRAINT, CORES, OLDEST, NEWEST, NEWEST_PYTHON.
ifndef MODELARTS_MAKE
export MODELARTS_MAKE := 1
$(shell mkdir -p .cache && $(PYTHON) tests/tools/machine.py > .cache/machine.mk || rm -f .cache/machine.mk)
endif
include .cache/machine.mk

# User settings that would lead the tools out of the checkout.
unexport XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME ANSIBLE_CONFIG ANSIBLE_HOME ANSIBLE_COLLECTIONS_PATH

PINS := tests/constraints.txt tests/unit/requirements.txt tests/integration/requirements.txt
NOX_VENV := .cache/nox/.ready
KEYSTONE_VENV := .cache/keystone/.ready
PRE_COMMIT_VENV := .cache/pre-commit/.ready
AWX_VENV := .cache/awx/.ready
OTHER_COLLECTIONS := .cache/other/.ready
NOX := .cache/nox/bin/python -m nox
# Skips installing, unless pins are newer than what is installed.
NOX_QUICK := $(NOX) $(if $(shell find $(PINS) tests/tools/machine.py -newer .nox/.installed 2>&1),,--no-install)

# CORE=2.19 chooses an ansible-core version, ARGS passes arguments on to ansible-test.
CORE ?= $(NEWEST)
ARGS ?=
CODE_SESSIONS := generate formatters codeqa yamllint typing antsibull-nox-config license-check extra-checks changelog workflows
COLLECTION_SESSIONS := docs-check ansible-lint tarball import-check install-check
GATES ?= $(CODE_SESSIONS) $(COLLECTION_SESSIONS)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

##@ Every day

.PHONY: demo cloud
demo: .venv/.ready ## Query a simulated cloud with a playbook
	.venv/bin/python tests/tools/demo.py
cloud: ## Serve a simulated cloud for your own playbooks, until Ctrl+C; ARGS="--fault NAME" goes to the stand-in
	@$(PYTHON) tests/tools/serve_cloud.py $(ARGS)

.PHONY: test-quick
test-quick: $(NOX_VENV) ## Run what a developer wants every few minutes: format, code quality, types, unit tests
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going .quick-units .quick-lint
	@touch .nox/.installed

.PHONY: units integration sanity
units: $(NOX_VENV) ## Run unit tests; CORE=2.19 selects ansible-core, ARGS= goes to ansible-test
integration: $(NOX_VENV) $(KEYSTONE_VENV) $(AWX_VENV) $(OTHER_COLLECTIONS) ## Run integration tests; CORE and ARGS as above
sanity: $(NOX_VENV) ## Run sanity tests; CORE and ARGS as above
units integration sanity:
	$(NOX) -s "ansible-test($(CORE))" -- $@ -- $(ARGS)

.PHONY: format generate pictures
format: $(NOX_VENV) ## Format all Python files
	CI=false $(NOX_QUICK) -s formatters
generate: $(NOX_VENV) ## Write the files that are generated from the table of options
	CI=false $(NOX_QUICK) -s generate
pictures: $(NOX_VENV) ## Render docs/pictures/*.d2 as SVG
	$(NOX_QUICK) -s pictures

.PHONY: hooks
hooks: $(PRE_COMMIT_VENV) ## Let git run the gates that concern what is committed
	.cache/pre-commit/bin/python -m pre_commit install

.PHONY: clean
clean: ## Remove everything that was set up or built
	rm -rf .cache .nox .venv .ansible build tests/output
	find . -name __pycache__ -prune -exec rm -rf {} +

##@ Gates

.PHONY: test
test: $(NOX_VENV) $(KEYSTONE_VENV) $(AWX_VENV) $(OTHER_COLLECTIONS) ## Run everything that CI checks, on the oldest and the newest ansible-core
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going \
	    $(addprefix .core-,$(sort $(OLDEST) $(NEWEST))) .lint-collection .lint-code browser docs awx eda
	@touch .nox/.installed
	@echo "All gates passed, ansible-core: $(sort $(OLDEST) $(NEWEST))."

.PHONY: lint
lint: $(NOX_VENV) ## Run the gates that run no test of the collection; GATES="yamllint typing" selects some
	CI=true $(NOX_QUICK) -s $(GATES)

.PHONY: matrix
matrix: $(NOX_VENV) $(KEYSTONE_VENV) $(AWX_VENV) $(OTHER_COLLECTIONS) ## Run unit and integration tests on every ansible-core version that this machine can run
	$(NOX) -s $(foreach core,$(CORES),"ansible-test($(core))") -- units integration
	@echo "Passed on ansible-core: $(CORES). Skipped: $(or $(CORES_SKIPPED),none)."

.PHONY: docs browser awx eda fuzz ee
docs: $(NOX_VENV) ## Build the documentation as a site below .cache/docs, and test its links and pictures
	$(NOX) -s docs
browser: $(NOX_VENV) ## Test the page of playbooks/spec_report.yml in a headless Chromium; skipped where there is none
	$(NOX) -s browser
awx: $(NOX_VENV) ## Test the content for AWX
	$(NOX) -s awx
eda: $(NOX_VENV) ## Run the rulebooks with ansible-rulebook; skipped where there is no Java
	$(NOX) -s eda
fuzz: $(NOX_VENV) ## Look for input that breaks module or lookup: 10,000 cases of each kind; ARGS goes to pytest
	$(NOX) -s fuzz -- $(ARGS)
ee: $(NOX_VENV) ## Build an execution environment with podman or docker and run the demo in it: slow; EE_BASE_IMAGE=, EE_ENGINE=
	$(NOX) -s ee

.PHONY: benchmark
benchmark: .venv/.ready $(OTHER_COLLECTIONS) ## Measure the collection beside the plain way, and print one table; ARGS="role" selects
	.venv/bin/python tests/benchmark/run_all.py $(ARGS)

##@ Release

.PHONY: build
build: $(NOX_VENV) ## Build the collection's tarball into build/
	$(NOX_QUICK) -s tarball

.PHONY: changelog release-check
changelog: $(NOX_VENV) ## Write CHANGELOG.md from the fragments, for the version in galaxy.yml
	$(NOX_QUICK) -s changelog -- write
release-check: $(NOX_VENV) ## Build, import, install and try what would be released; check that version, changelog and tag agree
	CI=true $(NOX) -s changelog tarball import-check install-check release-check

# Parts of the targets above, each an own nox, so that two run side by side.
.PHONY: .lint-code .lint-collection .quick-units .quick-lint
.core-%:
	$(NOX) -s "ansible-test($*)"
.lint-code:
	CI=true $(NOX) -s $(CODE_SESSIONS)
.lint-collection:
	CI=true $(NOX) -s $(COLLECTION_SESSIONS)
.quick-units:
	$(NOX_QUICK) -s "ansible-test($(NEWEST))" -- units
.quick-lint:
	CI=true $(NOX_QUICK) -s generate formatters codeqa typing

# nox and antsibull-nox live alone: some of the tools that they run could not be installed beside them.
$(NOX_VENV): tests/constraints.txt
	rm -rf .cache/nox
	"$(NEWEST_PYTHON)" -m venv .cache/nox
	.cache/nox/bin/python -m pip install --quiet nox antsibull-nox
	touch $@

# In a place of its own as well, which stays where git's hook looks for it.
$(PRE_COMMIT_VENV): tests/constraints.txt
	rm -rf .cache/pre-commit
	"$(NEWEST_PYTHON)" -m venv .cache/pre-commit
	.cache/pre-commit/bin/python -m pip install --quiet pre-commit
	touch $@

# A real Keystone, which integration tests start. Made before they run, as several of them run side by side.
$(KEYSTONE_VENV): tests/constraints.txt
	rm -rf .cache/keystone
	"$(NEWEST_PYTHON)" -m venv .cache/keystone
	.cache/keystone/bin/python -m pip install --quiet keystone keystonemiddleware waitress
	touch $@

# AWX's own code that renders credentials. It wants a newer Python than the oldest ansible-core, and names no dependencies.
$(AWX_VENV): tests/constraints.txt
	rm -rf .cache/awx
	"$(NEWEST_PYTHON)" -m venv .cache/awx
	.cache/awx/bin/python -m pip install --quiet awx-plugins-core awx-plugins.interfaces jinja2 PyYAML
	touch $@

# community.general's cache plugin for Redis, and awx.awx: integration tests use them.
$(OTHER_COLLECTIONS): $(NOX_VENV) tests/constraints.txt tests/tools/offline/collections.sh
	tests/tools/offline/collections.sh .cache/nox/bin/python .cache/other
	touch $@

# What a playbook needs: the newest ansible-core and requests, and redis for the benchmark of slices.
.venv/.ready: tests/constraints.txt tests/tools/machine.py
	rm -rf .venv
	"$(NEWEST_PYTHON)" -m venv .venv
	.venv/bin/python -m pip install --quiet "ansible-core~=$(NEWEST).0" requests redis
	touch $@
