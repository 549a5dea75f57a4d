"""How a project comes to depend on outgrow, judged by uv, hatchling and the packaging library."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path, PurePosixPath

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from packaging.requirements import Requirement

from outgrow.errors import OutgrowError, UsageError
from outgrow.scaffold import owners
from outgrow.scaffold.dependency import DependencyChange, apply, planned
from outgrow.scaffold.project import Project
from outgrow.scaffold.reference import Reference, installed_reference, reference_of

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = reference_of(
    json.dumps(
        {
            "url": "https://example.org/outgrow.git",
            "vcs_info": {"vcs": "git", "commit_id": COMMIT, "requested_revision": "main"},
        }
    )
)
FROM_GIT = f"outgrow @ git+https://example.org/outgrow.git@{COMMIT}"
needs_uv = pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")


def at(folder: Path, *, editable: bool = True) -> Reference:
    info = {"editable": True} if editable else {}
    return reference_of(json.dumps({"url": folder.as_uri(), "dir_info": info}))


def project(root: Path, driver: str = "psycopg") -> Project:
    return Project(root, "x", PurePosixPath("app/server/database"), driver, ())


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def changed(here: Project, reference: Reference | None = GIT) -> DependencyChange:
    """Plan and apply; a second time there is nothing to do."""
    before = {path: path.read_bytes() for path in here.root.rglob("*") if path.is_file()}
    change = planned(here, reference)
    assert {path: path.read_bytes() for path in before} == before, "planning writes nothing"
    apply(change)
    again = planned(here, reference)
    assert not change.is_needed or (not again.is_needed and not again.remaining)
    return change


PYPROJECT = """\
[project]
name = "x"
version = "1"
requires-python = ">=3.11"
dependencies = [
    "fastapi>=0.1",  # the web
]  # that is all
"""
BUILD = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""


# --- which file ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "owner"),
    [
        ({"pyproject.toml": PYPROJECT}, "pyproject.toml"),
        ({"pyproject.toml": PYPROJECT, "app/server/pyproject.toml": PYPROJECT}, "app/server"),
        ({"pyproject.toml": PYPROJECT, "app/server/requirements.txt": ""}, "app/server/req"),
        ({"pyproject.toml": "[tool.ruff]\n", "requirements.txt": "flask\n"}, "requirements.txt"),
        ({"pyproject.toml": PYPROJECT, "app/pyproject.toml": "[tool.ruff]\n"}, "pyproject.toml"),
        ({"requirements.in": "", "requirements.txt": "", "app/x.txt": ""}, "requirements.in"),
        ({"requirements-dev.txt": "", "requirements-prod.txt": ""}, "requirements-prod.txt"),
        ({"requirements/base.in": "", "requirements/base.txt": ""}, "requirements/base.in"),
        (
            {
                "pyproject.toml": '[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n'
                '[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt"]}\n',
                "deps.txt": "flask\n",
                "requirements.txt": "",
            },
            "deps.txt",
        ),
        ({"other/pyproject.toml": PYPROJECT, "app/client/requirements.txt": ""}, None),
        ({"requirements-a.txt": "", "requirements-b.txt": ""}, None),
        ({"pyproject.toml": '[dependency-groups]\ndev = ["pytest"]\n'}, None),
        ({}, None),
    ],
)
def test_the_nearest_file_owns_the_package(
    tmp_path: Path, files: dict[str, str], owner: str | None
) -> None:
    make(tmp_path, files)
    change = changed(project(tmp_path))
    if owner is None:
        assert change.file is None
        assert not change.is_needed
        assert FROM_GIT in change.remaining
    else:
        assert str(change.file).startswith(owner)
        assert change.shown
        assert FROM_GIT in (tmp_path / str(change.file)).read_text()


# --- [project] -----------------------------------------------------------------------------------


def test_comments_and_groups_stay(tmp_path: Path) -> None:
    text = PYPROJECT + '\n[dependency-groups]\ndev = ["outgrow", "pytest"]  # tools\n'
    make(tmp_path, {"pyproject.toml": text})
    change = changed(project(tmp_path))
    new = (tmp_path / "pyproject.toml").read_text()
    line = f'    "{FROM_GIT}",'
    assert new == text.replace("]  # that", f"{line}\n]  # that")
    assert change.shown == (f"+{line}",)
    assert change.remaining


def test_the_ends_of_lines_stay(tmp_path: Path) -> None:
    text = PYPROJECT + BUILD
    make(tmp_path, {"pyproject.toml": text.replace("\n", "\r\n")})
    changed(project(tmp_path))
    new = (tmp_path / "pyproject.toml").read_bytes()
    assert new.count(b"\n") == new.count(b"\r\n") > text.count("\n") + 1


def test_a_project_without_dependencies(tmp_path: Path) -> None:
    make(tmp_path, {"pyproject.toml": '[project]\nname = "x"\n\n[tool.ruff]\n'})
    changed(project(tmp_path, "psycopg2"))
    known = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    (requirement,) = map(Requirement, known["project"]["dependencies"])
    assert (requirement.name, requirement.extras) == ("outgrow", {"psycopg2"})
    assert requirement.url == f"git+https://example.org/outgrow.git@{COMMIT}"


def test_hatchling_takes_it(tmp_path: Path) -> None:
    """It refuses references unless they are allowed."""
    make(tmp_path, {"pyproject.toml": PYPROJECT + BUILD + '[tool.hatch.version]\npath = "x"\n'})
    changed(project(tmp_path))
    metadata = ProjectMetadata(str(tmp_path), PluginManager())
    assert metadata.core.dependencies == ["fastapi>=0.1", FROM_GIT]


def test_what_is_no_toml_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, {"pyproject.toml": "this is = = not\n"})
    with pytest.raises(UsageError, match="not TOML"):
        planned(project(tmp_path), GIT)


@pytest.mark.parametrize(
    ("driver", "dependencies", "added"),
    [
        ("psycopg", ["Outgrow==0.1"], []),
        ("psycopg", ["outgrow[fast] @ file:///x"], []),
        ("psycopg", ["outgrow-extras"], [FROM_GIT]),
        ("psycopg2", ["outgrow"], ["psycopg2-binary>=2.9.11,<3"]),
        ("psycopg2", ["outgrow[fast, psycopg2]>=0.1"], []),
        ("psycopg2", ["outgrow[all]"], []),
        ("psycopg2", ["psycopg2-binary==2.9.11"], [FROM_GIT]),
        ("psycopg2", ["psycopg2>=2.9"], [FROM_GIT]),
    ],
)
def test_what_is_there_is_not_added(
    tmp_path: Path, driver: str, dependencies: list[str], added: list[str]
) -> None:
    make(tmp_path, {"pyproject.toml": f'[project]\nname = "x"\ndependencies = {dependencies}\n'})
    change = changed(project(tmp_path, driver))
    known = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    assert known["project"]["dependencies"] == dependencies + added
    assert bool(change.shown) == bool(added)


# --- uv ------------------------------------------------------------------------------------------

UV = PYPROJECT.replace('    "fastapi>=0.1",  # the web\n', "") + "\n[tool.uv]\npackage = false\n"
OURS = """\
[project]
name = "outgrow"
version = "0.1"

[project.optional-dependencies]
psycopg2 = []
"""


@needs_uv
@pytest.mark.parametrize("inside", ["vendor/outgrow", "../elsewhere/outgrow"])
def test_uv_adds_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    root = tmp_path / "a project"
    make(root, {"app/server/pyproject.toml": UV, f"{inside}/pyproject.toml": OURS})
    ours = (root / inside).resolve()
    change = changed(project(root, "psycopg2"), at(ours))
    known = tomllib.loads((root / "app/server/pyproject.toml").read_text())
    assert known["project"]["dependencies"] == ["outgrow[psycopg2]"]
    source = known["tool"]["uv"]["sources"]["outgrow"]
    assert source["editable"]
    assert (root / "app/server" / source["path"]).resolve() == ours
    assert Path(source["path"]).is_absolute() == inside.startswith("..")
    assert ("of this machine" in change.remaining) == inside.startswith("..")
    assert (root / "app/server/uv.lock").exists()
    assert not (root / "app/server/.venv").exists()
    assert change.shown[0].startswith("uv add ")
    names = [path.name for path in change.files(root.resolve())]
    assert names == ["pyproject.toml", "uv.lock"]


@needs_uv
def test_a_member_of_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    workspace = '[tool.uv.workspace]\nmembers = ["app/*"]\n'
    member = UV.replace("package = false", "").replace('"x"', '"server"').replace("[tool.uv]", "")
    make(
        tmp_path,
        {
            "pyproject.toml": workspace,
            "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n',
            "app/server/pyproject.toml": member,
            "vendor/outgrow/pyproject.toml": OURS,
        },
    )
    change = changed(project(tmp_path), at(tmp_path / "vendor/outgrow"))
    assert list(map(str, change.files(tmp_path))) == ["app/server/pyproject.toml", "uv.lock"]
    assert "outgrow" in (tmp_path / "uv.lock").read_text()
    assert "outgrow" in (tmp_path / "app/server/pyproject.toml").read_text()


@needs_uv
def test_uv_fails_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    make(tmp_path, {"app/server/pyproject.toml": UV})
    change = planned(project(tmp_path), GIT)
    assert change.shown == (f"uv add --no-sync '{FROM_GIT}'",)
    with pytest.raises(OutgrowError, match="uv says") as caught:
        apply(change)
    assert "\n" not in str(caught.value)
    assert change.shown[0] in caught.value.fix
    assert (tmp_path / "app/server/pyproject.toml").read_text() == UV


def test_without_uv_the_file_is_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners.shutil, "which", lambda name: None)
    make(tmp_path, {"app/server/pyproject.toml": UV})
    change = changed(project(tmp_path))
    assert not change.command
    assert FROM_GIT in (tmp_path / "app/server/pyproject.toml").read_text()


# --- Poetry --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["git", "folder"])
def test_poetry_has_its_own_table(tmp_path: Path, kind: str) -> None:
    text = (
        "[tool.poetry]\nname = 'x'\n\n[tool.poetry.dependencies]\npython = '^3.11'  # no older\n"
        "\n[tool.poetry.group.dev.dependencies]\npytest = '*'\n"
    )
    make(tmp_path, {"app/server/pyproject.toml": text})
    reference = GIT if kind == "git" else at(tmp_path / "vendor" / "outgrow")
    changed(project(tmp_path, "psycopg2"), reference)
    new = (tmp_path / "app/server/pyproject.toml").read_text()
    assert "python = '^3.11'  # no older\n" in new
    known = tomllib.loads(new)["tool"]["poetry"]
    place = (
        {"git": "https://example.org/outgrow.git", "rev": COMMIT}
        if kind == "git"
        else {"path": "../../vendor/outgrow", "develop": True}
    )
    assert known["dependencies"]["outgrow"] == {**place, "extras": ["psycopg2"]}
    assert list(known["group"]["dev"]["dependencies"]) == ["pytest"]


def test_poetry_has_it_already(tmp_path: Path) -> None:
    text = "[tool.poetry.dependencies]\nOutgrow = {path = '../x'}\n"
    make(tmp_path, {"pyproject.toml": text})
    assert not changed(project(tmp_path)).is_needed
    changed(project(tmp_path, "psycopg2"))
    known = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    assert known["tool"]["poetry"]["dependencies"]["psycopg2-binary"] == ">=2.9.11,<3"


# --- requirements files --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "flask\n", "flask", "flask  # web\r\n", "\ufeffflask\n"])
def test_a_line_is_added(tmp_path: Path, text: str) -> None:
    make(tmp_path, {"requirements.txt": text})
    changed(project(tmp_path, "psycopg2"))
    new = (tmp_path / "requirements.txt").read_bytes().decode()
    assert new.startswith(text)
    assert Requirement(new.splitlines()[-1]).extras == {"psycopg2"}
    assert len(new.splitlines()) == len(text.splitlines()) + 1
    assert "\r\n" not in text or new.count("\n") == new.count("\r\n")


@pytest.mark.parametrize(
    "line",
    [
        "outgrow",
        "OutGrow [psycopg2] >= 0.1  # ours",
        "outgrow@git+https://example.org/outgrow",
        "-e ../outgrow[psycopg2]",
        "--editable=./vendor/outgrow",
        "git+https://example.org/outgrow.git@main",
        "git+ssh://git@example.org/x.git#egg=outgrow",
        "./wheels/outgrow-0.1.0-py3-none-any.whl",
        "-r requirements/base.txt",
    ],
)
def test_it_is_found_in_whatever_form(tmp_path: Path, line: str) -> None:
    make(tmp_path, {"requirements.txt": f"flask\n{line}\n", "requirements/base.txt": "outgrow\n"})
    assert not changed(project(tmp_path)).is_needed


@pytest.mark.parametrize("line", ["outgrown", "# outgrow", "./outgrow-tools", "-c outgrow.txt"])
def test_what_is_called_alike_is_something_else(tmp_path: Path, line: str) -> None:
    make(tmp_path, {"requirements.txt": f"{line}\n"})
    assert changed(project(tmp_path)).is_needed


@needs_uv
@pytest.mark.parametrize("name", ["outgrow", "our copy of outgrow"])
def test_pip_and_uv_read_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Asked of uv, which resolves it without building, since all is static."""
    monkeypatch.setenv("UV_OFFLINE", "1")
    make(tmp_path, {"app/requirements.txt": "", f"vendor/{name}/pyproject.toml": OURS})
    changed(project(tmp_path, "psycopg2"), at(tmp_path / "vendor" / name))
    done = subprocess.run(
        ["uv", "pip", "compile", "--no-annotate", "requirements.txt"],
        cwd=tmp_path / "app",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert name.replace(" ", "%20") in done.stdout.splitlines()[-1]


def test_a_file_with_hashes_is_left_alone(tmp_path: Path) -> None:
    make(tmp_path, {"requirements.txt": "flask==3 \\\n    --hash=sha256:00\n"})
    change = changed(project(tmp_path))
    assert not change.is_needed
    assert FROM_GIT in change.remaining


# --- where outgrow is from -----------------------------------------------------------------------


def test_how_it_was_installed_is_not_known(tmp_path: Path) -> None:
    """The bare name is never written."""
    make(tmp_path, {"requirements.txt": "flask\n"})
    change = changed(project(tmp_path), None)
    assert not change.is_needed
    assert "not recorded" in change.remaining
    assert changed(project(tmp_path / "nothing"), None).file is None


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://me:token@example.org/outgrow.git", "https://example.org/outgrow.git"),
        ("https://token@example.org/outgrow.git", "https://example.org/outgrow.git"),
        ("ssh://git@example.org/outgrow.git", "ssh://git@example.org/outgrow.git"),
    ],
)
def test_no_secret_gets_into_a_file(url: str, kept: str) -> None:
    written = {"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    assert reference_of(json.dumps(written)).requirement() == f"outgrow @ git+{kept}@{COMMIT}"


def test_archives_and_folders() -> None:
    archive = {"url": "https://example.org/outgrow-0.1-py3-none-any.whl", "archive_info": {}}
    assert reference_of(json.dumps(archive)).requirement("fast") == (
        "outgrow[fast] @ https://example.org/outgrow-0.1-py3-none-any.whl"
    )
    folder = at(Path("/a b/outgrow"), editable=False)
    assert folder.requirement() == "outgrow @ file:///a%20b/outgrow"
    assert (folder.folder, folder.is_editable) == (Path("/a b/outgrow"), False)


def test_the_one_that_runs_says_where_it_is_from() -> None:
    """In a clone it is the clone."""
    reference = installed_reference()
    if reference is not None and reference.folder is not None:
        assert (reference.folder / "src" / "outgrow" / "scaffold").is_dir()
