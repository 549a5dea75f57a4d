"""What a person should know of their project that init leaves as it is."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.database.settings import read_env_file
from outgrow.scaffold.git import Repository
from outgrow.scaffold.project import Project

#: What docker compose takes before docker-compose.yml
#: (https://docs.docker.com/compose/intro/compose-application-model/).
_BEFORE_OURS = ("compose.yaml", "compose.yml", "docker-compose.yaml")


def advice(project: Project, repository: Repository | None) -> Iterator[str]:
    """Tell what stands in the way of the files that init writes, a line each."""
    for name in _BEFORE_OURS:
        if (project.root / name).exists():
            yield (
                f"docker compose takes {name} and not docker-compose.yml: say docker compose -f "
                "docker-compose.yml, or copy the service postgres into it"
            )
    schemas = {f"sqlite_schema_{source.label}.sql" for source in project.sources}
    for path in sorted((project.root / "migration").glob("sqlite_schema_*.sql")):
        if path.name not in schemas:
            yield (
                f"migration/{path.name} is of an earlier run, with other SQLite files: delete it, "
                "for what the README counts by grep counts it, too"
            )
    said = read_env_file(project.root / ".env")
    written = {
        "POSTGRES_PORT": "5432",
        "POSTGRES_DB": project.database,
        "POSTGRES_USER": project.database,
        "POSTGRES_DRIVER": project.driver,
        "DATABASE_URL": "",
    }
    other = [name for name, ours in written.items() if said.get(name, "") not in ("", ours)]
    if other:
        yield (
            f".env says otherwise for {', '.join(other)}: the application goes by it, so change "
            "the commands of migration/README.md where they differ"
        )
    if repository is not None and repository.tracks(".env"):
        yield "git keeps .env, which holds a password now: git rm --cached .env"
