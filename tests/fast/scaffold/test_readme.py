"""The migration's README: each of its commands, files and numbers, taken out of it and tried."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from dotenv import dotenv_values
from markdown_it import MarkdownIt  # rich brings it

from fast.scaffold.projects import HOSTILE, SHOP, Sample
from fast.scaffold.readme import Made, outfitted, parts
from outgrow.cli import main
from outgrow.cli.console import Drawn
from outgrow.cli.parser import build_parser
from outgrow.scaffold.outfit import outfit
from outgrow.scaffold.project import project_at

#: Two files that nobody has settled yet, on paths with spaces, and code with all that is told.
QUARREL = Sample(
    "our quarrel",
    {
        "my app/store.py": """\
import sqlite3

def connect():
    return sqlite3.connect("data one/tools.db")

def calls(name):
    db = connect()
    return db.execute("SELECT count(*) FROM calls WHERE tool = ?", (name,)).fetchone()

def cleanup():
    sqlite3.connect("data two/tools.db").execute("DELETE FROM calls")
""",
        "my app/old.py": "print 'Python 2'\n",
        "my app/later.py": "import aiosqlite\n\ndef later(): return aiosqlite.connect('a.db')\n",
    },
    {
        "data one/tools.db": """
CREATE TABLE tools (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, note TEXT);
CREATE TABLE calls (id INTEGER PRIMARY KEY, tool TEXT REFERENCES tools (note));
CREATE TABLE "a|b `c` <d>" (x TEXT); -- create view
INSERT INTO tools (name, note) VALUES ('hammer', 'a secret'), ('saw', 'b');
""",
        "data two/tools.db": """
CREATE TABLE tools (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, note TEXT, more TEXT);
CREATE INDEX tools_by_note ON tools (note);
INSERT INTO tools (name, note) VALUES ('hammer', 'another secret'), ('drill', 'c');
""",
    },
    ("--package", "my app/database"),
)


@pytest.fixture(scope="module", params=[SHOP, HOSTILE, QUARREL], ids=lambda each: each.name)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return outfitted(request.param, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def quarrel(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return outfitted(QUARREL, tmp_path_factory.mktemp("quarrel"))


def compose() -> argparse.ArgumentParser:
    """Know what is used of https://docs.docker.com/reference/cli/docker/compose/."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("up").add_argument("--wait", action="store_true")
    commands.add_parser("down").add_argument("--volumes", action="store_true")
    commands.add_parser("config").add_argument("--quiet", action="store_true")
    logs = commands.add_parser("logs")
    logs.add_argument("--tail", type=int)
    logs.add_argument("service")
    execute = commands.add_parser("exec")
    execute.add_argument("-T", action="store_true")
    execute.add_argument("service")
    execute.add_argument("inside", nargs=argparse.REMAINDER)
    return parser


def check(command: list[str], made: Made) -> None:
    """Have the command's own program, or a list of its options, say that it is well-formed."""
    match command:
        case ["outgrow", name]:  # only spoken of
            assert f" {name} " in build_parser().format_help()
        case ["outgrow", *arguments]:
            parsed = vars(build_parser(arguments).parse_args(arguments))
            for source in parsed.get("source", []):
                assert (made.root / source).is_file()
            if parsed.get("plan"):
                assert (made.root / parsed["plan"]).is_file()
        case ["docker", "compose", *arguments]:
            known = compose().parse_args(arguments)
            if "service" in known:
                text = (made.root / "docker-compose.yml").read_text()
                assert f"\n  {known.service}:\n" in text
            if getattr(known, "inside", None):
                check(known.inside, made)
        case ["docker", "ps", "--filter", given]:
            assert re.fullmatch(r"publish=\d+", given)
        case ["psql" | "pg_dump" as program, *arguments]:
            # Nobody answers there: to get that far, the options have to be good.
            if shutil.which(program) is None:
                pytest.skip(f"{program} is not installed")
            nowhere = [re.sub("@localhost:5432", "@127.0.0.1:1", each) for each in arguments]
            done = ran([program, "-h", "127.0.0.1", "-p", "1", "-w", *nowhere], made)
            assert "connection to server at" in done.stderr, done.stderr
        case ["python", "-c", script]:
            compile(script, "README", "exec")
        case ["python", script]:
            assert (made.root / script).is_file()
        case ["git", "revert"] | ["mkdir", "-p", "migration/backups"] | ["export", _]:
            pass
        case ["cat", *files]:
            assert all(list(made.root.glob(each)) for each in files)
        case ["grep", options, pattern]:
            assert ran(["grep", options, pattern, os.devnull], made).returncode == 1
        case ["ss", options, expression]:
            if shutil.which("ss"):
                assert ran(["ss", options, expression], made).returncode == 0
        case _:
            pytest.fail(f"nobody knows how to check {command}")


def test_every_command_is_well_formed(made: Made) -> None:
    assert len(made.commands) > 25
    for line in made.commands:
        assert ran(["sh", "-nc", line], made).returncode == 0, line
        for command in parts(line):
            check(command, made)


def test_every_file_is_there(made: Made) -> None:
    """What is a path by its looks exists; a place in the code has what is said of it."""
    later = {"migration/backups/", "postgres.dump", ".new"}
    folders = [made.root, *(path for path in made.root.rglob("*") if path.is_dir())]
    checked = 0
    for span in set(made.spans) - later - set(made.commands):
        place = re.fullmatch(r"(.+\.py):(\d+)", span)
        if place:
            lines = (made.root / place[1]).read_text().splitlines()
            assert "connect" in lines[int(place[2]) - 1]
        elif re.search(r"\.(?:py|db|sql|toml|yml|env|sample)$|/$", span):
            # A file is called by its name alone where that is clear.
            assert any((folder / span).exists() for folder in folders), span
            checked += 1
    assert checked > 8


def test_links_lead_somewhere(made: Made) -> None:
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", made.text, re.MULTILINE)
    }
    targets = set(re.findall(r"\]\(#([^)]+)\)", made.text))
    assert len(targets) >= 6
    assert targets <= anchors


def test_names_show_as_they_are(made: Made) -> None:
    """Another reader of Markdown sees every table's name, whole tables, and no HTML of a name."""
    tokens = MarkdownIt("commonmark").enable("table").parse(made.text)
    html = [each.content for each in tokens if each.type == "html_block"]
    inline = [each for token in tokens for each in token.children or [] if token.type == "inline"]
    assert [each[:18] for each in html] == ["<!-- outgrow init "]
    assert not [each for each in inline if each.type in ("html_inline", "image")]
    code = {each.content for each in inline if each.type == "code_inline"}
    for source in made.root.rglob("*.db"):
        if "backups" not in source.parts:
            with closing(sqlite3.connect(source)) as connection:
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                own = {" ".join(name.split()) for (name,) in names if "sqlite_" not in name}
            assert own and own <= {" ".join(each.split()) for each in code}


def test_tables_are_whole(made: Made) -> None:
    """Every row of a table has as many cells as its head, whatever the names hold."""
    width = 0
    for line in made.text.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        if cells and width:
            assert cells == width, line
        width = cells


def test_grep_counts_what_the_page_says(made: Made) -> None:
    told = [line.partition("#")[::2] for line in made.commands if line.startswith("cat ")]
    assert len(told) == 4
    for command, number in told:
        done = ran(["sh", "-c", command], made)
        assert done.stdout.strip() == number.strip(), command


def test_the_password_of_the_settings_is_taken(made: Made) -> None:
    (line,) = [each for each in made.commands if each.startswith("export ")]
    line = line.replace("$(python ", f"$({sys.executable} ")
    done = ran(["sh", "-c", f'{line}; printf %s "$PGPASSWORD"'], made)
    assert len(done.stdout) > 20
    assert done.stdout == dotenv_values(made.root / ".env")["POSTGRES_PASSWORD"]


def test_the_harmless_commands_work(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made.root)
    tried = 0
    for line in made.commands:
        ((program, *arguments), *_) = parts(line)
        if program == "outgrow" and (
            arguments[-1:] == ["sqlite"] or (arguments[0] in ("plan", "backup") and arguments[1:])
        ):
            assert main(arguments) == 0, line
            tried += 1
        elif (program, *arguments[:1]) == ("python", "-c"):
            done = ran([sys.executable, *arguments], made)
            assert done.returncode == 0, done.stderr
            tried += 1
    assert tried == 4
    copies = list((made.root / "migration" / "backups").rglob("*.db*"))
    assert len(copies) >= made.text.count("| the schema of ")


def ran(command: list[str], made: Made) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=made.root, capture_output=True, text=True, check=False)


def test_no_value_of_a_row_gets_into_the_page(quarrel: Made) -> None:
    assert "secret" not in quarrel.text
    assert "hammer" not in quarrel.text


def test_what_is_open_is_told_with_the_lines_of_the_plan_file(quarrel: Made) -> None:
    plan = quarrel.root / "migration" / "outgrow.toml"
    (block,) = [text for kind, text in quarrel.blocks if kind == "toml"]
    header, *lines = [line for line in block.splitlines() if not line.startswith("# ")]
    known = plan.read_text().splitlines()
    assert header == "[tables.tools]"
    assert len(lines) >= 2
    assert {header, *lines} <= set(known)
    assert known.index(header) < min(map(known.index, lines))

    # As the page says: the mark is taken away from one line, and init is run again.
    plan.write_text(plan.read_text().replace(lines[0], lines[0].removeprefix("#| ")))
    project = project_at(quarrel.root, [], package="my app/database")
    with Drawn() as progress:
        settled = outfit(project, progress)
    assert settled.facts.decisions == ()
    (page,) = [each.text for each in settled.files if each.path.name == "README.md"]
    assert "Decide first" not in page


def test_the_code_that_has_to_change_is_named(quarrel: Made) -> None:
    following = quarrel.text.partition("## Next")[2]
    assert "- `my app/store.py:3`: `connect`" in following  # the helper
    opened, bare = following.partition("**Opened elsewhere.**")[2].split("**Not in a `with`.**")
    assert "- `my app/store.py:11`: `sqlite3.connect` in `cleanup`" in opened
    assert "- `my app/store.py:7`: `connect` in `calls`" in bare
    assert "- `my app/old.py`: line 1: " in following
    assert "**aiosqlite.**" in following


def test_what_postgresql_cannot_hold_is_told(quarrel: Made) -> None:
    missing = quarrel.text.partition("### What PostgreSQL can't hold")[2].partition("###")[0]
    assert "| foreign keys | `calls` | `tool` | tools(note) is not unique" in missing
    assert "expect this one" in quarrel.text
