# Needs Python 3.11 to 3.13 and make; uses uv where it is installed.

BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo example test torture bench lint lock clean

help:
	@echo "make demo   two SQLite databases are made, united in PostgreSQL and compared"
	@echo "make example   examples/tac-webbuilder, as outgrow init writes it"
	@echo "make test   all tests      make lint   style, types, layers"
	@echo "make torture   faults, damage, random and hostile input; writes docs/reliability.md (hours)"
	@echo "make bench  what translating costs; how fast rows move, written to docs/performance.md"
	@echo "make lock   new versions   make clean  removes what make made"

demo:
	@test -e $(READY) || echo "The first time, outgrow and PostgreSQL are installed into .venv."
	@echo "The demo takes about a minute after that."
	@$(MAKE) --no-print-directory $(READY)
	@$(BIN)/outgrow demo

example: $(READY)
	$(BIN)/python tools/make-example
	@git --no-pager diff --stat -- examples

test: $(READY)
	$(BIN)/pytest -n auto --dist worksteal

# The seed is the time of day and printed. Stopped, it goes on where it was. A full run writes
# docs/reliability.md; PART=kills runs one part, CASES=10 only so many cases of it, AGAIN=1 what was
# wrong once more.
torture: $(READY)
	@PYTHONPATH=tests:tests/server $(BIN)/python -m torture \
	  $(if $(PART),--part $(PART)) $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(AGAIN),--again)

bench: $(READY)
	$(BIN)/python bench/translate.py
	$(BIN)/python bench/database.py
	$(BIN)/python bench/performance.py

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Made again when the locked versions change; nothing happens when they don't.
$(READY): requirements.lock pyproject.toml tools/make-environment
	@tools/make-environment .venv
	@touch $@

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache dist build
	find src tests -name __pycache__ -type d -exec rm -rf {} +
