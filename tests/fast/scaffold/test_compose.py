"""docker-compose.yml against the compose specification, and what was asked of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from compose_file import MissingVariable, loaded, project, written

SET = {"POSTGRES_PASSWORD": "s3cret"}


def complaints(schema: str, file: Path) -> str:
    """Check a file against one of the schemas that check-jsonschema carries."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("name", ["tac-webbuilder", "2048", "no", "a"])
def test_is_valid_by_the_specification(name: str, tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_text(written(project(tmp_path, name)))
    assert not complaints("vendor.compose-spec", file)
    file.write_text(file.read_text().replace("container_name", "containername"))
    assert "containername" in complaints("vendor.compose-spec", file)


def test_the_workflow_with_a_real_docker_is_valid() -> None:
    file = Path(__file__).parents[3] / ".github" / "workflows" / "docker.yml"
    assert not complaints("vendor.github-workflows", file)


def test_is_what_was_asked_for(tmp_path: Path) -> None:
    compose = loaded(written(project(tmp_path)), SET)
    assert "version" not in compose
    assert compose["name"] == "tac-webbuilder"
    assert "postgres_data" in compose["volumes"]
    postgres = compose["services"]["postgres"]
    assert postgres["image"] == "postgres:15-alpine"
    assert postgres["container_name"] == "tac-webbuilder-postgres"
    assert postgres["restart"] == "unless-stopped"
    assert postgres["ports"] == ["127.0.0.1:5432:5432"]
    schema = "./migration/postgres_schema.sql:/docker-entrypoint-initdb.d/01-schema.sql:ro"
    assert schema in postgres["volumes"]
    assert postgres["environment"]["POSTGRES_DB"] == "tac_webbuilder"


def test_only_postgres_starts_unasked_and_nothing_listens_outside(tmp_path: Path) -> None:
    services = loaded(written(project(tmp_path)), SET)["services"]
    unasked = [name for name, service in services.items() if not service.get("profiles")]
    assert unasked == ["postgres"]
    assert {"pgbouncer", "pgadmin"} <= set(services)
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_settings_go_over_defaults(tmp_path: Path) -> None:
    said = SET | {"POSTGRES_PORT": "5433", "POSTGRES_DB": "shop", "POSTGRES_USER": "me"}
    services = loaded(written(project(tmp_path)), said)["services"]
    postgres = services["postgres"]
    assert postgres["ports"] == ["127.0.0.1:5433:5432"]
    assert postgres["environment"]["POSTGRES_DB"] == services["pgbouncer"]["environment"]["DB_NAME"]
    assert postgres["environment"]["POSTGRES_USER"] == "me"


@pytest.mark.parametrize("environment", [{}, {"POSTGRES_PASSWORD": ""}])
def test_without_a_password_it_says_what_to_do(environment: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(MissingVariable, match="outgrow init"):
        loaded(written(project(tmp_path)), environment)
