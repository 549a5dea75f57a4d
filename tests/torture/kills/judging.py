"""What has to be true after the tool or its server was killed, and after the next run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torture.kills.holding import Hold, wait_for_sessions
from torture.kills.own_server import OwnServer
from torture.kills.victim import Victim, temporary
from torture.kills.workshop import Source, migrated
from torture.part import Figure, Outcome
from torture.shared.state import (
    Left,
    changed,
    is_heard,
    kept,
    objects,
    remains,
    report_of_last,
    runs,
)

TOOL, SERVER = "kill -9 of outgrow", "pg_ctl stop -m immediate"


class Judge:
    """Gathers what is wrong with one case, and what is measured."""

    def __init__(self, source: Source, database: str, folder: Path, *, replace: bool) -> None:
        self.source = source
        self.database = database
        self.folder = folder
        self.options = ("--replace",) if replace else ()
        self.before = objects(database)
        self.figures: dict[str, Figure] = {}
        self.defects: list[str] = []

    def victim(self) -> Victim:
        """Begin the migration that something will happen to."""
        return Victim(self.source.path, self.database, self.folder, *self.options)

    def migrated(self, status: int | None = None) -> dict[str, Any]:
        """Run the same to its end, which nothing happens to; gives its report."""
        status = self.source.status if status is None else status
        return migrated(self.source.path, self.database, status, self.folder, *self.options)

    def strike(
        self, harm: str, victim: Victim, server: OwnServer, hold: Hold | None = None
    ) -> None:
        """Kill one side, and see that the other and all helpers end by themselves."""
        if harm == TOOL:
            victim.kill()
            self._longest("seconds of the others", victim.wait_for_the_others())
            if hold:
                hold.release()
            self._longest("seconds of the sessions", wait_for_sessions(self.database))
            self.let_a_minute_pass()
            return
        server.stop_at_once()
        self._longest("seconds of the tool", victim.wait())
        self._longest("seconds of the others", victim.wait_for_the_others())
        server.start_again()
        self._told_in_one_line(victim)

    def let_a_minute_pass(self) -> None:
        """Make what is left older: a younger folder could be one that is being made."""
        for each in temporary(self.folder).iterdir():
            os.utime(each, (0, 0))
            self.figures["private copies"] = 1

    def _longest(self, name: str, seconds: float) -> None:
        self.figures[name] = max(round(seconds, 3), self.figures.get(name, 0.0))

    def _told_in_one_line(self, victim: Victim) -> None:
        """What a lost server looks like to a person, and to a script."""
        errors = [line for line in victim.err.splitlines() if line.startswith("error: ")]
        if victim.status in (0, 4):
            return  # it was done when the server went
        is_told = len(errors) == 1 and "Traceback" not in victim.err and "OG-700" not in victim.err
        if victim.status != 1 or not is_told:
            self.defects.append(f"outgrow without a server: {victim.status}, {victim.err[-800:]}")
        elif json.loads(victim.out)["status"] != "failed":
            self.defects.append(f"outgrow without a server says {victim.out[:300]}")

    def middle(self) -> bool:
        """See that the objects are as before, or complete; whether they are complete."""
        differing = changed(self.before, objects(self.database))
        if not differing:
            self.figures["objects"] = "as before"
            return False
        wrong = self.source.differences(self.database, report_of_last(self.database))
        if wrong:
            self.defects.append(f"between: {differing[:5]}, {wrong[:5]}")
        self.figures["objects"] = "complete"
        return True

    def run_again(self, found: Left) -> None:
        """Run the same command and see that it continues, ends well and leaves nothing."""
        report = self.migrated()
        expected = None
        if found.steps:
            expected = {
                "tables": len(found.loaded),
                "rows": found.rows,
                "steps": len(found.steps),
            }
            self.figures["continued"] = 1
            self.figures["tables kept"] = len(found.loaded)
            self.figures["rows kept"] = found.rows
        if report["continued"] != expected:
            self.defects.append(f"it says that it kept {report['continued']}, not {expected}")
        if found.run:
            after = kept(self.database, found.run)
            if {name: after.loaded.get(name) for name in found.loaded} != found.loaded:
                self.defects.append(f"loaded again: {found.loaded} became {after.loaded}")
        if any(each["code"] == "OG-545" for each in report["findings"]):
            self.defects.append("it says that it was begun anew")
        self.complete(report)

    def run_after_the_end(self) -> None:
        """Run the same command where the killed one had published."""
        before = objects(self.database)
        if not is_heard(self.database):
            report = self.migrated()
            if "OG-546" not in [each["code"] for each in report["findings"]]:
                self.defects.append("it does not say that all had been published")
            self.figures["unheard"] = 1
        elif self.options:
            self.complete(self.migrated())
            return
        else:
            report = self.migrated(3)
            if report["findings"][0]["code"] != "OG-511":
                self.defects.append(f"it is refused with {report['findings'][0]}")
        if differing := changed(before, objects(self.database)):
            self.defects.append(f"what was published has changed: {differing[:5]}")
        self.complete(report_of_last(self.database))

    def complete(self, report: Mapping[str, Any]) -> None:
        """See that all is there, and nothing else."""
        wrong = self.source.differences(self.database, report)
        if wrong:
            self.defects.append(f"in the end: {wrong[:5]}")
        if report["status"] not in ("verified", "incomplete"):
            self.defects.append(f"it ends {report['status']}")
        if remaining := remains(self.database):
            self.defects.append(f"schemas are left: {remaining}")
        if copies := [path.name for path in temporary(self.folder).iterdir()]:
            self.defects.append(f"private copies are left: {copies}")
        if under_way := [each for each in runs(self.database) if each[1] != "published"]:
            self.defects.append(f"runs are left: {under_way}")
        wait_for_sessions(self.database)

    def outcome(self, label: str) -> Outcome:
        return Outcome(self.figures, tuple(f"{label}: {defect}" for defect in self.defects))
