"""All of init, top to bottom: what is written into a project, decided before a file is touched."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from outgrow.model.findings import Finding
from outgrow.pipeline.assess import Assessment, Wishes, assessed
from outgrow.pipeline.progress import Progress
from outgrow.pipeline.schema_file import schema_file
from outgrow.scaffold.code import read_code
from outgrow.scaffold.dependency import DependencyChange, planned
from outgrow.scaffold.environment import settings_files
from outgrow.scaffold.facts import Facts, facts_of
from outgrow.scaffold.project import Project
from outgrow.scaffold.reference import installed_reference
from outgrow.scaffold.rendering import render
from outgrow.scaffold.writing import Wanted, Written, decided, existing, is_pristine, unmarked
from outgrow.sqlite.extract import replayable_schema

MIGRATION = PurePosixPath("migration")
PLAN = MIGRATION / "outgrow.toml"


@dataclass(frozen=True, slots=True)
class Outfit:
    """What init is about to write, and what it found out on the way."""

    project: Project
    facts: Facts
    findings: tuple[Finding, ...]
    files: tuple[Written, ...]
    dependency: DependencyChange

    @property
    def message(self) -> str:
        """The message of the commit, with what was counted."""
        counts = zip(self.facts.target, ("table", "index", "view", "trigger"), strict=True)
        told = ", ".join(_counted(count, noun) for count, noun in counts)
        return f"PostgreSQL beside SQLite: {told}"


def outfit(project: Project, progress: Progress) -> Outfit:
    """Read the SQLite files and the project's code, and decide what becomes of every file.

    Raises:
        SourceError, PlanError, DecisionNeeded: as ``assessed`` does.
        UsageError: a file of the project can't be read.

    """
    path = project.absolute(PLAN)
    plan = existing(path)
    edited = None if plan is None or is_pristine(plan) else unmarked(plan)
    wishes = Wishes(plan_file=path if edited is not None else None)
    with assessed(project.paths, wishes, progress=progress) as assessment:
        schemas = _sqlite_schemas(project, assessment)
        code = read_code(project.root, [project.package, MIGRATION])
        construction = assessment.construction(schema=assessment.plan.schema)
        facts = facts_of(project, assessment, construction, code, [each.text for each in schemas])
        findings = assessment.findings
        made = [
            *schemas,
            Wanted(MIGRATION / "postgres_schema.sql", schema_file(assessment, construction)),
            Wanted(PLAN, _plan(assessment, edited)),
        ]
    made += _rendered(project, facts)
    files = [decided(project.root, each) for each in made]
    files += settings_files(project)
    dependency = planned(project, installed_reference())
    return Outfit(project, facts, findings, tuple(files), dependency)


def _plan(assessment: Assessment, edited: str | None) -> str:
    """Write the plan file; one that a person edited is renewed only if it lacks a decision."""
    text = assessment.plan_file(existing=edited)
    if edited is not None and _decisions(text) == _decisions(edited):
        return edited
    return text


def _decisions(plan: str) -> dict[str, Any]:
    """Give what a plan file says, but for its comments and what it was written from."""
    return {key: value for key, value in tomllib.loads(plan).items() if key != "source"}


def _counted(count: int, noun: str) -> str:
    plural = "indexes" if noun == "index" else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def _sqlite_schemas(project: Project, assessment: Assessment) -> list[Wanted]:
    return [
        Wanted(MIGRATION / f"sqlite_schema_{source.label}.sql", replayable_schema(snapshot))
        for source, snapshot in zip(project.sources, assessment.snapshots, strict=True)
    ]


def _rendered(project: Project, facts: Facts) -> Iterator[Wanted]:
    for template, path in (
        ("migration/test_adapters.py", MIGRATION / "test_adapters.py"),
        ("migration/README.md", MIGRATION / "README.md"),
        *((f"database/{name}.py", project.package / f"{name}.py") for name in _PACKAGE),
        ("docker-compose.yml", PurePosixPath("docker-compose.yml")),
    ):
        yield Wanted(path, render(template, project=project, facts=facts))


_PACKAGE = ("__init__", "connection", "sqlite_adapter", "postgres_adapter", "factory")
