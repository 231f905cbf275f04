# Short verbs for developers. Each makes .venv when it is missing or older than setup.cfg.

VENV := .venv
BIN := $(VENV)/bin
# The newest interpreter that is new enough, whatever the machine calls it; PYTHON=… overrides.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# mypy and import-linter cannot see through the mapping of an editable install; a folder of links shows them the package.
TREE := build/tree

.PHONY: demo test test-oldest-checkov check docs bench edits vscode vscode-e2e fuzz sign checks-branch clean

# What the product itself needs: a newcomer's first command must not wait for checkov and the test tools.
$(VENV)/.product: setup.cfg pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# The pip that an older Python brings along needs many minutes to find versions that go together.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	@# An editable install leaves the byte code to the first run, which costs as much as everything else in it.
	$(BIN)/python -m compileall -q plugin checks
	@touch $@

$(VENV)/.installed: $(VENV)/.product
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: $(VENV)/.product
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh fixtures/projects/demo.sh

test: $(VENV)/.installed
	$(BIN)/python -m pytest -n 2

# The oldest checkov that setup.cfg allows, in an environment of its own; `make test` runs the newest.
OLDEST_CHECKOV := 3.3.0
$(VENV)-oldest-checkov/.installed: setup.cfg pyproject.toml
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(@D)/bin/python -m pip install --quiet --editable '.[test]' checkov==$(OLDEST_CHECKOV)
	@touch $@

test-oldest-checkov: $(VENV)-oldest-checkov/.installed
	$(VENV)-oldest-checkov/bin/python -m pytest -n 2 tests/host tests/test_baseline.py tests/terraform/test_downloaded.py

check: $(VENV)/.installed $(TREE)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	MYPYPATH=$(TREE) $(BIN)/mypy --strict -p checkov_cloudtrail
	PYTHONPATH=$(TREE) $(BIN)/lint-imports
	$(BIN)/python docs/build.py --check

docs: $(VENV)/.installed
	$(BIN)/python docs/build.py

bench: $(VENV)/.installed
	$(BIN)/python benchmarks/start_up.py
	$(BIN)/python benchmarks/terraform_scale.py
	$(BIN)/python benchmarks/editor.py
	$(BIN)/python benchmarks/hook.py
	$(BIN)/python benchmarks/checkov_overhead.py

edits: $(VENV)/.installed
	CHECKOV_CLOUDTRAIL_EDITS=5000 $(BIN)/python -m pytest tests/lsp/test_edits.py tests/lsp/test_stream.py

vscode:
	cd editors/vscode && npm ci --no-audit --no-fund && npm run package

$(VENV)/.lsp: $(VENV)/.product
	$(BIN)/python -m pip install --quiet --editable '.[lsp]'
	@touch $@

# The extension in a real VS Code in Chromium: make vscode-e2e [PICTURE=docs/vscode.png]
PICTURE ?=
vscode-e2e: vscode $(VENV)/.lsp
	sh editors/vscode/e2e/install.sh
	node editors/vscode/e2e/run.mjs $(BIN)/checkov-cloudtrail $(abspath $(PICTURE))

fuzz: $(VENV)/.installed
	PYTHONPATH=benchmarks $(BIN)/python -m fuzz

# Writes checkov's digest trailers: make sign KEY=private.pem [CHECKS=folder]
CHECKS ?= checks
sign: $(VENV)/.installed
	@test -n "$(KEY)" || { echo "usage: make sign KEY=private.pem [CHECKS=folder]"; exit 2; }
	$(BIN)/python tools/sign_checks.py "$(KEY)" "$(CHECKS)"

# A branch that checkov's --external-checks-git can read: make checks-branch [BRANCH=name]
BRANCH ?= checks
checks-branch:
	sh tools/checks-branch.sh "$(BRANCH)"

clean:
	rm -rf $(VENV) $(VENV)-oldest-checkov build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.PHONY: $(TREE)
$(TREE):
	@rm -rf $@ && mkdir -p $@/checkov_cloudtrail
	@ln -s $(CURDIR)/plugin/* $(CURDIR)/checks $@/checkov_cloudtrail/
