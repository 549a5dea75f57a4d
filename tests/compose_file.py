"""A compose file as compose reads it: YAML, then variables
(https://docs.docker.com/reference/compose-file/interpolation/)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ruamel.yaml import YAML

from outgrow.scaffold.project import Project, SourceFile
from outgrow.scaffold.rendering import render

_VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\})"
)


class MissingVariable(Exception):
    """What ``${VARIABLE:?message}`` says."""


def loaded(text: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Read a compose file; raises MissingVariable."""
    return _interpolated(YAML(typ="safe").load(text), environment)


def sourced(folder: Path) -> dict[str, str]:
    """Read ``.env`` as a shell does."""
    script = "set -a; . ./.env; env -0"
    said = subprocess.run(
        ["env", "-i", "/bin/sh", "-c", script], cwd=folder, capture_output=True, check=True
    ).stdout.decode()
    return dict(each.split("=", 1) for each in said.split("\0") if "=" in each)


def project(root: Path, name: str = "tac-webbuilder") -> Project:
    """Describe a project with two SQLite files."""
    sources = tuple(
        SourceFile(PurePosixPath(f"app/server/db/{label}.db"), label)
        for label in ("database", "workflow_history")
    )
    return Project(root, name, PurePosixPath("app/server/database"), "psycopg", sources)


def written(project: Project) -> str:
    """Give a project's ``docker-compose.yml``."""
    return render("docker-compose.yml", project=project)


def _interpolated(value: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _interpolated(each, environment) for key, each in value.items()}
    if isinstance(value, list):
        return [_interpolated(each, environment) for each in value]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: _meant(found, environment), value)
    return value


def _meant(found: re.Match[str], environment: Mapping[str, str]) -> str:
    if found["escaped"]:
        return "$"
    if given := environment.get(found["name"]):
        return given
    if found["kind"] == "?":
        raise MissingVariable(f"{found['name']}: {found['rest']}")
    return found["rest"] or ""
