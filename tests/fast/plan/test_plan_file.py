"""The plan file: what is written reads back as the same plan, and a person's edits stay."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outgrow.errors import DecisionNeeded, OutgrowError, PlanError
from outgrow.model.census import Census, ColumnFacts, TableFacts
from outgrow.model.names import fold
from outgrow.model.plan import Plan
from outgrow.model.source import Affinity, SourceColumn, SourceDatabase, SourceTable
from outgrow.model.types import Policy
from outgrow.plan.planfile import read_plan, write_plan
from outgrow.plan.weighing import make_plan

Made = Callable[..., tuple[SourceDatabase, Census]]
SAMPLES = Path(__file__).parents[4] / "shared" / "databases"

SCRIPT = """
CREATE TABLE Album (Id INTEGER PRIMARY KEY, Title TEXT NOT NULL, created_at TEXT,
  is_live INTEGER, tags TEXT DEFAULT '[]', Price REAL, artist INTEGER REFERENCES Artist(Code));
CREATE TABLE Artist (Code INTEGER, seen INTEGER);
"""
ROWS = {
    "Album": [
        (n, f"t{n}", "2024-01-31 10:00:00" if n else "unknown", n % 2, "[1]", n / 8, 7)
        for n in range(40)
    ],
    "Artist": [(7, 1_700_000_000), (8, 1_700_000_001)],
}


def planned(source: SourceDatabase, census: Census, text: str) -> Plan:
    overrides = read_plan(text, source)
    policy = overrides.policy or Policy.NATIVE
    return make_plan(source, census, policy=policy, overrides=overrides)


def edited(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        "a = [",
        "a = " + "[" * 100_000,
        "a = " + "9" * 5_000,
        "\ufeffpolicy = 'native'",
        ".".join(["a"] * 50_000) + " = 1",
        "[" + " . ".join(["'a'"] * 50_000) + "]",
        "policy = " + "x" * 1_000_000,
    ],
)
def test_what_is_no_toml_is_told(made: Made, text: str) -> None:
    source, _ = made(SCRIPT, ROWS)
    with pytest.raises(PlanError, match="OG-200 plan file: ") as told:
        read_plan(text, source)
    assert len(str(told.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        "{long} = 1",
        'policy = "{long}"',
        "[tables.{long}]",
        "[tables.Album.columns.{long}]",
        '[tables.Album]\nname = "{long}"',
        '[tables.Album.columns]\nId = {{ shape = "{long}" }}',
        "{long} = 1\n{long} = 2",
    ],
)
def test_an_error_is_no_longer_than_a_person_reads(made: Made, text: str) -> None:
    source, census = made(SCRIPT, ROWS)
    with pytest.raises(PlanError) as told:
        planned(source, census, text.format(long="x" * 100_000))
    assert len(str(told.value)) < 600


@pytest.mark.parametrize("depth", [101, 300])
def test_what_is_valid_but_too_deep_to_be_written_anew_is_told(made: Made, depth: int) -> None:
    source, census = made(SCRIPT, ROWS)
    text = f"[source]\nfile = {'[' * depth}{']' * depth}\n"
    plan = planned(source, census, text)
    with pytest.raises(PlanError, match="OG-200 plan file: it can't be written anew"):
        write_plan(plan, source, census, existing=text)


@pytest.mark.parametrize("policy", list(Policy))
def test_a_plan_reads_back_as_itself(made: Made, policy: Policy) -> None:
    source, census = made(SCRIPT, ROWS)
    plan = make_plan(source, census, policy=policy)
    text = write_plan(plan, source, census)
    assert planned(source, census, text) == plan
    assert write_plan(plan, source, census, existing=text) == text


@pytest.mark.parametrize("name", ["chinook", "northwind", "sakila"])
@pytest.mark.parametrize("policy", list(Policy))
def test_the_plan_of_a_real_database_reads_back(
    read: Callable[[Path], tuple[SourceDatabase, Census]], name: str, policy: Policy
) -> None:
    path = SAMPLES / f"{name}.db"
    if not path.exists():
        pytest.skip("the sample databases are not in ../shared/databases")
    source, census = read(path)
    plan = make_plan(source, census, policy=policy)
    assert planned(source, census, write_plan(plan, source, census)) == plan


def test_the_file_says_why(made: Made) -> None:
    source, census = made(SCRIPT, ROWS)
    text = write_plan(make_plan(source, census, policy=Policy.NATIVE), source, census)
    assert "1 of 40 values is not a date: 'unknown'" in text
    assert "#| 40 rows; the table becomes album" in text
    assert 'unique = [["Code"]]' in text
    assert tomllib.loads(text)["tables"]["Album"]["columns"]["is_live"] == {"type": "boolean"}


class TestEdits:
    @pytest.fixture
    def text(self, made: Made) -> str:
        self.source, self.census = made(SCRIPT, ROWS)
        plan = make_plan(self.source, self.census, policy=Policy.NATIVE)
        return write_plan(plan, self.source, self.census)

    def plan(self, text: str) -> Plan:
        return planned(self.source, self.census, text)

    def test_a_type(self, text: str) -> None:
        column = 'seen = { type = "bigint" }'
        new = edited(text, column, 'seen = { type = "timestamp", shape = "epoch s" }')
        seen = self.plan(new).table("Artist").column("seen")
        assert (str(seen.type), str(seen.type.shape)) == ("timestamp without time zone", "epoch s")
        assert seen.overridden

    def test_names(self, text: str) -> None:
        new = edited(text, "[tables.Artist]\n", '[tables.Artist]\nname = "Künstler"\n')
        new = edited(new, 'Title = { type = "text" }', 'Title = { name = "titel" }')
        plan = self.plan(new)
        assert plan.table("artist").name == "Künstler"
        assert plan.table("album").column("TITLE").name == "titel"
        assert {each.target for each in plan.renamed} == {"Künstler", "titel"}

    def test_keys(self, text: str) -> None:
        new = edited(
            text,
            "[tables.Album]\n",
            '[tables.Album]\nidentity = "identity"\ncascade = [["ARTIST"]]\n',
        )
        new = edited(new, "[tables.Artist]\n", '[tables.Artist]\nunique = [["code"]]\n')
        plan = self.plan(new)
        assert plan.table("Album").identity == "identity"
        assert plan.table("Album").cascade == (("artist",),)
        assert plan.table("Artist").unique == (("Code",),)

    def test_leaving_a_table_out(self, text: str) -> None:
        new = edited(text, "[tables.Artist]\n", "[tables.Artist]\ninclude = false\n")
        assert not self.plan(new).table("Artist").include

    def test_misfits_that_become_null(self, text: str) -> None:
        new = edited(
            text,
            'created_at = { type = "text" }',
            'created_at = { type = "timestamp", on_misfit = "null" }',
        )
        column = self.plan(new).table("Album").column("created_at")
        assert (str(column.type.shape), column.quarantined) == ("YYYY-MM-DD HH:MM:SS", 1)

    def test_all_of_it_survives_a_rewrite(self, text: str) -> None:
        new = edited(text, 'policy = "native"', '# mine\npolicy = "faithful" # and mine')
        new = edited(new, 'seen = { type = "bigint" }', "# why\nseen={name='x'}   # tail")
        new = edited(new, "[tables.Artist]\n", '[tables.Artist] # here\nname = "k"\n')
        plan = self.plan(new)
        again = write_plan(plan, self.source, self.census, existing=new)
        for line in ("# mine", "# and mine", "# why\nseen={name='x'}   # tail", "# here\nname"):
            assert line in again
        assert self.plan(again) == plan
        assert write_plan(plan, self.source, self.census, existing=again) == again

    @pytest.mark.parametrize(
        "layout",
        [
            'tables.Artist.columns.seen.name = "x"\n',
            '[tables.Artist]\ncolumns.seen = { name = "x" }\n',
            '[tables.Artist]\ncolumns = { seen = { name = "x" } }\n',
            '[tables.Artist.columns.seen]\n# mine\nname = "x"\n',
            '[tables.Artist.columns]\nseen.name = "x"\n',
            "[tables.Artist]\n",
            '[tables.ARTIST.columns]\nSEEN = { name = "x" }',
        ],
    )
    def test_any_layout_survives_a_rewrite(self, text: str, layout: str) -> None:
        plan = self.plan(layout)
        again = write_plan(plan, self.source, self.census, existing=layout)
        assert self.plan(again) == plan
        assert ("# mine" in again) == ("# mine" in layout)

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("[tables.Artist]\n", "[tables.Artis]\n", "Did you mean 'Artist'"),
            ("seen =", "sen =", "Did you mean 'seen'"),
            ('seen = { type = "bigint"', 'seen = { type = "bigin"', "Did you mean 'bigint'"),
            ('seen = { type = "bigint"', 'seen = { typ = "bigint"', "Did you mean 'type'"),
            ('policy = "native"', 'policy = "nativ"', "Did you mean 'native'"),
            ("[tables.Artist]\n", "[tables.Artist]\ninclude = 1\n", "true or false"),
            ("[tables.Artist]\n", "[tables.Artist]\nunique = ['Code']\n", "list of lists"),
            ("[tables.Artist]\n", "[tables.Artist]\nunique = [['Cod']]\n", "Did you mean 'Code'"),
            ("[tables.Artist]\n", "[tables.Artist]\nunique = [['Code', 'CODE']]\n", "twice"),
            ("[tables.Artist]\n", "[tables.Artist]\nunique = [['Code'], ['code']]\n", "twice"),
            ("[tables.Artist]\n", "[tables.Artist]\ncascade = [['seen']]\n", "no foreign key"),
            ('seen = { type = "bigint"', 'seen = { shape = "epoch d"', "not a shape"),
            ('seen = { type = "bigint"', 'seen = { type = "numeric(2,3)"', "p from 1"),
            ('seen = { type = "bigint"', "seen = { type = 1", "text in quotes"),
        ],
    )
    def test_a_mistake_is_told_with_its_line(
        self, text: str, old: str, new: str, says: str
    ) -> None:
        wrong = edited(text, old, new)
        with pytest.raises(PlanError) as error:
            read_plan(wrong, self.source)
        assert says in str(error.value)
        spoilt = [
            number
            for number, (one, other) in enumerate(
                zip(wrong.splitlines(), text.splitlines(), strict=False), start=1
            )
            if one != other
        ]
        line = int(error.value.where.rpartition(" ")[2])
        assert line in (spoilt[0], spoilt[0] + 1)

    def test_what_is_not_toml_is_told(self, text: str) -> None:
        with pytest.raises(PlanError, match=r"line 3"):
            read_plan("a = 1\nb = 2\nc =\n", self.source)

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ('created_at = { type = "text"', 'created_at = { type = "timestamp"', "'unknown'"),
            ('Title = { type = "text"', 'Title = { type = "bigint"', "40 of 40 values"),
            ('Id = { type = "bigint"', 'Id = { type = "text"', "numbers the rows"),
            ('Price = { type = "numeric(10,4)"', 'Price = { type = "numeric(3,1)"', "digits"),
            ('Price = { type = "numeric(10,4)"', 'Price = { type = "bigint"', "39 of 40|40 of 40"),
            ('seen = { type = "bigint"', 'seen = { type = "date"', "no value is a date"),
            ('seen = { type = "bigint"', 'seen = { type = "uuid"', "don't look like"),
            (
                'Title = { type = "text"',
                'Title = { type = "bigint", on_misfit = "null"',
                "40 of 40",
            ),
        ],
    )
    def test_a_type_that_does_not_fit_is_refused(
        self, text: str, old: str, new: str, says: str
    ) -> None:
        with pytest.raises(PlanError, match=says):
            self.plan(edited(text, old, new))

    def test_data_that_no_longer_fit_need_a_decision(self, text: str, made: Made) -> None:
        source, census = made(
            SCRIPT, ROWS | {"Album": [*ROWS["Album"], (99, "x", None, 2, "[]", 0.5, 7)]}
        )
        with pytest.raises(DecisionNeeded, match=r"is_live.*1 of 41 values is neither 0 nor 1"):
            planned(source, census, text)

    def test_data_that_changed_and_fit_are_fine(self, text: str, made: Made) -> None:
        source, census = made(
            SCRIPT, ROWS | {"Album": [*ROWS["Album"], (99, "x", None, 1, "[]", 0.5, 7)]}
        )
        plan = planned(source, census, text)
        assert "OG-216" in [str(finding.code) for finding in plan.findings]

    def test_a_column_that_is_new_is_added_to_the_file(self, text: str, made: Made) -> None:
        script = SCRIPT + "ALTER TABLE Artist ADD COLUMN is_new BOOLEAN; CREATE TABLE n (x)"
        source, census = made(script)
        plan = planned(source, census, text)
        again = tomllib.loads(write_plan(plan, source, census, existing=text))
        assert again["tables"]["Artist"]["columns"]["is_new"] == {"type": "boolean"}
        assert again["tables"]["n"]["columns"] == {"x": {"type": "text"}}

    def test_unique_on_values_that_are_not_is_refused(self, text: str, made: Made) -> None:
        source, census = made(SCRIPT, ROWS | {"Artist": [(7, 1), (7, 2)]})
        new = edited(text, "[tables.Artist]\n", '[tables.Artist]\nunique = [["Code"]]\n')
        with pytest.raises(OutgrowError, match=r"Code.*not unique"):
            planned(source, census, new)


NAMES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    min_size=1,
    max_size=5,
    unique_by=fold,
)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_any_name_survives(tables: list[str], columns: list[str]) -> None:
    source = SourceDatabase(
        "a.db",
        "a.db",
        tuple(
            SourceTable(
                name, tuple(SourceColumn(each, each, Affinity.NUMERIC) for each in columns), ""
            )
            for name in tables
        ),
    )
    facts = tuple(ColumnFacts(each, 1, 0, 1, 0, 0, 0, 1, 1) for each in columns)
    census = Census("a.db", {name: TableFacts(name, 1, facts) for name in tables})
    plan = make_plan(source, census, policy=Policy.NATIVE)
    text = write_plan(plan, source, census)
    assert planned(source, census, text) == plan
    assert write_plan(plan, source, census, existing=text) == text
    half = replace(source, tables=source.tables[:1])
    older = write_plan(make_plan(half, census, policy=Policy.NATIVE), half, census)
    assert planned(source, census, write_plan(plan, source, census, existing=older)) == plan


def test_a_plan_of_many_tables_is_written_and_read_at_once(made: Made) -> None:
    columns = ", ".join(f"column_{n} TEXT" for n in range(12))
    source, census = made("".join(f"CREATE TABLE t{n} ({columns});" for n in range(367)))
    plan = make_plan(source, census, policy=Policy.NATIVE)

    def seconds() -> float:
        began = time.process_time()
        read_plan(write_plan(plan, source, census), source)
        return time.process_time() - began

    assert any(seconds() < 2 for _ in range(10))


def test_what_is_added_to_a_few_lines_of_a_person_stands_on_lines_of_its_own(made: Made) -> None:
    source, census = made(SCRIPT, ROWS)
    plan = make_plan(source, census, policy=Policy.NATIVE)
    own = '[tables.Album]\nkeep = "all"\n'
    text = write_plan(plan, source, census, existing=own)
    lines = text.splitlines()
    assert [line for line in lines if "#|" in line.lstrip("# ") and not line.startswith("#|")] == []
    whole = write_plan(plan, source, census).splitlines()
    assert sorted(line for line in whole if line.startswith("#|")) == sorted(
        line for line in lines if line.startswith("#|")
    )
    assert write_plan(plan, source, census, existing=text) == text
