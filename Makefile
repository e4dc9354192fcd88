# make report   set up, then write the reports of every year in data/raw
# make test     set up, then run every check and test
# make check    the checks and tests that take less than a minute
# make fuzz     some 43 700 mutated tables read back, several at a time, with counts by class of mutation
# make faults   writing stopped at every write and rename (`make test` takes one in five)
# make lab      open the notebooks in JupyterLab
# make clean    remove the environment and all caches; results stay
# make lock     renew requirements.lock

# The first of these that is new enough is taken; `make PYTHON=/path/to/python3.12` names another.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python

VENV := .venv
PY   := $(VENV)/bin/python

# The stamps carry the folder: a copied project installs itself anew instead of running the code of the old folder.
FOLDER  := $(shell pwd | cksum | cut -d' ' -f1)
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime-$(FOLDER)
TESTING := $(VENV)/.testing-$(FOLDER)

INSTALL := $(PY) -m pip install --quiet --no-compile --constraint requirements.lock
# pip takes a package for installed whose installation was killed half-way; INSTALLER is what it writes near the end.
UNBREAK := find $(VENV)/lib/*/site-packages -maxdepth 1 -name '*.dist-info' ! -exec test -e {}/INSTALLER ';' -exec rm -rf {} +
# pip would compile file by file on one core, a third of it other people's tests.
COMPILE := $(PY) -m compileall -q -j 0 -x '[/\\](tests?|testing)[/\\]' $(VENV)/lib

# A file's tests share a worker: the cells of a notebook need one kernel, the pages one browser. In their own order:
# xdist would run the files of few tests last, and some of those take a minute. `make test WORKERS=3` takes more workers
# than there are cores.
WORKERS ?= auto
PYTEST := $(PY) -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# Tests start some hundred processes, and each would compile kaohe anew where nothing compiled is to be written down.
export PYTHONDONTWRITEBYTECODE :=

LINT := $(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy

.PHONY: report test check fuzz faults mutants lint lab clean lock browser office

report: $(RUNTIME)
	$(VENV)/bin/kaohe report

# The lint runs beside the tests, which often wait for a browser or a kernel; what it says comes in one piece after them.
test: $(TESTING) browser office
	@said=$$(mktemp); trap 'rm -f "$$said"' EXIT; trap 'exit 130' INT TERM; \
	($(LINT)) >"$$said" 2>&1 & lint=$$!; \
	echo '$(PYTEST) --nbval-lax --nbval-current-env tests notebooks'; \
	$(PYTEST) --nbval-lax --nbval-current-env tests notebooks; tested=$$?; \
	wait $$lint; linted=$$?; echo '$(LINT)'; cat "$$said"; \
	exit $$((tested ? tested : linted))

check: $(TESTING) lint
	$(PYTEST) -m "not slow and not browser and not notebook" tests

fuzz: $(TESTING)
	KAOHE_FUZZ_CASES=520 $(PY) -m pytest --numprocesses auto tests/fuzz

faults: $(TESTING)
	KAOHE_FAULTS=all $(PY) -m pytest --numprocesses auto tests/files tests/test_fault_points.py \
	  tests/scoring/test_crash_points.py tests/batch/test_crash_points.py

# mutmut is no dependency of the project: it is put beside the copy that it changes. MUTANTS="--module rules/bands"
mutants: $(TESTING)
	$(PY) -m pip install --quiet --upgrade --target build/mutants/mutmut "mutmut==3.8.1"
	$(PY) tools/mutants.py $(MUTANTS)

lint: $(TESTING)
	$(LINT)

# In Chinese unless the user has chosen a language: tools/jupyter holds defaults only, and for this start alone.
lab: $(RUNTIME)
	JUPYTER_CONFIG_PATH="$(CURDIR)/tools/jupyter$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" $(PY) -m jupyterlab notebooks

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

lock: $(TESTING)
	$(PY) -m pip install --quiet uv
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest --all-extras \
	  --no-annotate --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

browser:
	@tools/install-browser.sh

office:
	@tools/install-office.sh

# Each stamp comes last: a set-up that was interrupted is done again, here from nothing.
$(CREATED):
	@test ! -e $(VENV)/.creating || rm -rf $(VENV)
	@for python in $(PYTHON); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "$$python -m venv $(VENV)"; \
	    mkdir -p $(VENV) && touch $(VENV)/.creating && "$$python" -m venv $(VENV); exit; \
	  fi; \
	done; \
	echo "kaohe needs Python 3.11 or newer, and this is none: $(PYTHON)" >&2; \
	echo "Name one: make PYTHON=/path/to/python3.12" >&2; exit 1
	$(PY) -m pip install --quiet --upgrade pip  # the pip of an older Python needs twice as long
	@mv $(VENV)/.creating $@

$(RUNTIME): $(CREATED) pyproject.toml requirements.lock
	@$(UNBREAK)
	$(INSTALL) --editable .
	@$(COMPILE)
	@touch $@

$(TESTING): $(RUNTIME)
	@$(UNBREAK)
	$(INSTALL) --editable ".[test]"
	@$(COMPILE)
	@touch $@
