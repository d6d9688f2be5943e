# Everything a newcomer types. The virtual environment is made by the first target that needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Where this is set, each of the hundreds of processes that the tests start would compile all of shortsd for itself.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test torture soak check bench bench-motion bench-moviepy bench-encoders bench-tui bench-week bench-channel azurite format clean

demo: $(READY)
	$(BIN)/shortsctl make "the lighthouse keeper who never sleeps"

test: $(READY)
	$(BIN)/pytest -n 3 --dist loadfile

torture: N ?= 100
torture: SEED ?= 1
torture: $(READY)
	$(BIN)/python tests/torture.py --kills $(N) --seed $(SEED)

soak: JOBS ?= 1000
soak: $(READY)
	$(BIN)/python bench/soak.py --jobs $(JOBS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=bench:. $(BIN)/mypy --strict --cache-dir .mypy_cache/bench bench/*.py
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python bench/run.py

bench-motion: $(READY)
	$(BIN)/python bench/motion.py

bench-moviepy: $(READY)
	$(BIN)/python bench/against_moviepy.py

bench-encoders: $(READY)
	$(BIN)/python bench/encoders.py

bench-tui: $(READY)
	$(BIN)/python bench/tui.py

bench-week: $(READY)
	$(BIN)/python tests/bench_week.py

bench-channel: COUNT ?= 500
bench-channel: $(READY)
	$(BIN)/python tests/bench_channel.py --count $(COUNT)

# Azure's emulator, which tests of az:// want; they are skipped where it is not.
azurite: $(VENV)/node_modules/azurite

$(VENV)/node_modules/azurite: $(READY)
	npm install --silent --no-save --no-package-lock --prefix $(VENV) azurite@3.37.0

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "shortsd needs Python 3.11 or newer; name one: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		--config-settings editable_mode=compat --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
