"""What a person wrote is never touched; what init wrote is renewed."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from outgrow.errors import UsageError
from outgrow.scaffold.writing import SECRET, Fate, Wanted, decided, merged, write

NAME = PurePosixPath("migration/schema.sql")


def put(root: Path, text: str, *, name: PurePosixPath = NAME) -> Fate:
    written = decided(root, Wanted(name, text))
    write([written])
    return written.fate


def names(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    assert put(tmp_path, "SELECT 1;\n") is Fate.NEW
    before = (tmp_path / NAME).stat()
    assert put(tmp_path, "SELECT 1;\n") is Fate.UNCHANGED
    after = (tmp_path / NAME).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_nobody_edited_is_renewed(tmp_path: Path) -> None:
    put(tmp_path, "SELECT 1;\n")
    assert put(tmp_path, "SELECT 2;\n") is Fate.RENEWED
    assert (tmp_path / NAME).read_text().endswith("\nSELECT 2;\n")
    assert put(tmp_path, "SELECT 2;\n") is Fate.UNCHANGED


@pytest.mark.parametrize("keeps_the_mark", [True, False])
def test_what_a_person_edited_stays(tmp_path: Path, keeps_the_mark: bool) -> None:
    put(tmp_path, "SELECT 1;\n")
    file = tmp_path / NAME
    text = file.read_text() if keeps_the_mark else "SELECT 1;\n"
    file.write_text(f"{text}-- mine\n")
    edited = file.read_bytes()
    assert put(tmp_path, "SELECT 2;\n") is Fate.BESIDE
    assert file.read_bytes() == edited
    beside = file.with_name("schema.sql.new")
    assert beside.read_text().endswith("\nSELECT 2;\n")
    before = beside.stat().st_mtime_ns
    assert put(tmp_path, "SELECT 2;\n") is Fate.BESIDE
    assert beside.stat().st_mtime_ns == before
    assert names(tmp_path) == {"schema.sql", "schema.sql.new"}


def test_nothing_new_is_written_beside_an_edited_file(tmp_path: Path) -> None:
    put(tmp_path, "SELECT 1;\n")
    file = tmp_path / NAME
    file.write_text(f"{file.read_text()}-- mine\n")
    assert put(tmp_path, "SELECT 1;\n") is Fate.YOURS
    assert names(tmp_path) == {"schema.sql"}


def test_what_was_there_before_init_is_a_persons(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("services: {}\n")
    name = PurePosixPath("docker-compose.yml")
    written = decided(tmp_path, Wanted(name, "services:\n  postgres: {}\n"))
    assert written.fate is Fate.BESIDE
    assert "-services: {}" in written.diff() and "+  postgres: {}" in written.diff()
    write([written])
    assert (tmp_path / "docker-compose.yml").read_text() == "services: {}\n"


def test_other_ends_of_lines_are_no_edit(tmp_path: Path) -> None:
    put(tmp_path, "SELECT 1;\nSELECT 2;\n")
    file = tmp_path / NAME
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert put(tmp_path, "SELECT 3;\n") is Fate.RENEWED


def test_a_secret_is_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\n")
    file.chmod(0o644)
    for text in ("A=1\n", "A=1\nB=2\n"):
        write([merged(tmp_path, ".env", text, mode=SECRET)])
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text() == text


def test_modes_and_links_stay(tmp_path: Path) -> None:
    put(tmp_path, "SELECT 1;\n")
    file = tmp_path / NAME
    real = tmp_path / "elsewhere.sql"
    file.rename(real)
    file.symlink_to(real)
    real.chmod(0o664)
    assert put(tmp_path, "SELECT 2;\n") is Fate.RENEWED
    assert file.is_symlink()
    assert real.read_text().endswith("SELECT 2;\n") and real.stat().st_mode & 0o777 == 0o664


def test_what_can_not_be_read_or_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "migration").write_text("a file where a folder has to be")
    with pytest.raises(UsageError, match="OG-742"):
        put(tmp_path, "SELECT 1;\n")
    (tmp_path / "latin").write_bytes(b"\xe9")
    with pytest.raises(UsageError, match="not UTF-8"):
        decided(tmp_path, Wanted(PurePosixPath("latin"), "x"))
