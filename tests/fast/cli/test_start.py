"""A command starts at once: it imports what it needs, and nothing of the others."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

_SCRIPT = """
import json, sys
from outgrow.cli import main
try:
    main(json.loads(sys.argv[1]))
except SystemExit:
    pass
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--version"], {"apsw", "psycopg", "rich", "syntaqlite", "tomlkit"}),
        (["--help"], {"apsw", "psycopg", "rich", "syntaqlite", "tomlkit"}),
        (["inspect", "--help"], {"psycopg", "tomlkit"}),
        (["plan", "--help"], {"psycopg", "tomlkit"}),
        (["check", "--help"], {"psycopg", "apsw", "syntaqlite"}),
    ],
)
def test_a_command_imports_only_what_it_needs(arguments: list[str], spared: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    imported = set(json.loads(done.stdout.splitlines()[-1]))
    assert "outgrow" in imported
    assert not imported & spared


def test_an_interrupt_while_a_command_is_imported_is_one_line() -> None:
    script = (
        "import sys; from outgrow.cli import main, parser\n"
        "def interrupt(name): raise KeyboardInterrupt\n"
        "parser.importlib.import_module = interrupt\n"
        "sys.exit(main(['inspect', 'a.db']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 130
    (line,) = done.stderr.splitlines()
    assert "interrupted" in line
