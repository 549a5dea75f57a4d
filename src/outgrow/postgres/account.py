"""Which account of the operating system runs an embedded server.

PostgreSQL refuses to run as root
(https://www.postgresql.org/docs/current/postgres-user.html), so root lends it another account.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outgrow.errors import TargetError, define

NOT_REACHABLE = define("OG-421", "The account that runs the embedded server can't enter a folder")
FOREIGN_CLUSTER = define("OG-422", "The embedded server's data belong to another account")

_OWN_NAME = "outgrow"
_ROOT = 0


@dataclass(frozen=True, slots=True)
class Account:
    """Runs commands as one account of the operating system.

    Args:
        uid: owner of the server's data.
        gid: its group.
        prefix: a command that changes to the account where :mod:`subprocess` can't do it alone.

    """

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def run(
        self, command: Sequence[str], *, cwd: Path, timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and give back what it said; its status is the caller's affair.

        The caller's PG* variables and language are kept away from it.

        Raises:
            subprocess.TimeoutExpired: it took longer than ``timeout`` seconds.

        """
        environment = {key: value for key, value in os.environ.items() if key[:2] != "PG"}
        environment |= {"LC_ALL": "C"}
        switch = os.geteuid() == _ROOT and not self.prefix
        return subprocess.run(
            [*self.prefix, *command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=() if switch else None,
        )

    def own(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        if os.geteuid() == _ROOT:
            os.chown(path, self.uid, self.gid)


def account_for(data: Path) -> Account:
    """Choose the account that runs the server on ``data``: the caller's, or one that root lends.

    Root runs an existing cluster as its owner, a new one as the account "outgrow", which is
    made when it is missing; where none can be made, as "nobody".

    Args:
        data: the cluster; when it doesn't exist yet, the folder it will be in does.

    Raises:
        TargetError: the data belong to somebody else, or the account can't come to them.

    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != _ROOT:
        if owner not in (None, os.geteuid()):
            raise TargetError(
                FOREIGN_CLUSTER,
                f"the data belong to {_account_name(owner)}, and you are not",
                where=str(data),
                fix=f"Run outgrow as {_account_name(owner)}, or in another directory",
            )
        return Account(os.geteuid(), os.getegid())
    entry = pwd.getpwuid(owner) if owner else _lent_account()
    account = Account(entry.pw_uid, entry.pw_gid)
    return account if _enters(account, data.parent) else _with_passage(account, data.parent)


def _account_name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid if uid is not None else os.geteuid()).pw_name
    except KeyError:
        return f"user {uid}"


def _lent_account() -> pwd.struct_passwd:
    for _ in range(2):
        try:
            return pwd.getpwnam(_OWN_NAME)
        except KeyError:
            _make_account()
    try:
        return pwd.getpwnam(_OWN_NAME)
    except KeyError:
        return pwd.getpwnam("nobody")


def _make_account() -> None:
    if program := shutil.which("useradd", path="/usr/sbin:/sbin:" + os.environ.get("PATH", "")):
        subprocess.run(
            [program, "--system", "--user-group", "--shell", "/bin/sh", _OWN_NAME],
            check=False,
            capture_output=True,
        )


def _enters(account: Account, folder: Path) -> bool:
    return account.run(["sh", "-c", 'cd "$1"', "sh", str(folder)], cwd=Path("/")).returncode == 0


def _with_passage(account: Account, blocked: Path) -> Account:
    """Let the account pass folders such as /root (0700) without changing a permission there.

    The process keeps one of root's capabilities, to pass permission checks on files
    (https://man7.org/linux/man-pages/man7/capabilities.7.html). It serves root alone, through
    a socket that only root and the account can reach.
    """
    change = shutil.which("setpriv")
    if change is not None:
        passing = Account(
            account.uid,
            account.gid,
            (
                change,
                f"--reuid={account.uid}",
                f"--regid={account.gid}",
                "--clear-groups",
                "--inh-caps=+dac_override",
                "--ambient-caps=+dac_override",
                "--",
            ),
        )
        if _enters(passing, blocked):
            return passing
    raise TargetError(
        NOT_REACHABLE,
        f"PostgreSQL can't run as root, and {_account_name(account.uid)}, which runs it "
        "instead, can't enter this folder",
        where=str(blocked),
        fix="Run outgrow as an ordinary user, or work in a folder that everybody may enter",
    )
