"""TLS as it was asked for, by what the server's own log says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from proxy import proxied
from psycopg.conninfo import make_conninfo

from torture.secrecy.scene import Scene
from torture.secrecy.tls_server import ROLE, TLS_ROLE


@dataclass(frozen=True)
class TlsMode:
    """What is asked for, and what libpq's page says comes of it: tls, plain, or no session.

    https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
    """

    mode: str
    comes: str
    root: str = ""
    host: str = ""
    server: str = "tls"
    role: str = ROLE


TLS_MODES = (
    TlsMode("disable", "plain"),
    TlsMode("prefer", "tls"),
    TlsMode("require", "tls"),
    TlsMode("verify-ca", "none"),
    TlsMode("verify-ca", "tls", root="right"),
    TlsMode("verify-ca", "none", root="wrong"),
    TlsMode("verify-ca", "tls", root="right", host="localhost"),
    TlsMode("verify-full", "tls", root="right"),
    TlsMode("verify-full", "none", root="right", host="localhost"),
    TlsMode("require", "none", root="wrong"),
    TlsMode("disable", "none", role=TLS_ROLE),
    TlsMode("prefer", "tls", role=TLS_ROLE),
    TlsMode("prefer", "plain", server="plain"),
    TlsMode("require", "none", server="plain"),
    TlsMode("verify-full", "none", root="right", server="plain"),
)


def tls_mode(tls: TlsMode) -> Callable[[Scene], None]:
    def play(scene: Scene) -> None:
        server = scene.server
        with ExitStack() as stack:
            place = {"host": server.address, "port": "5432"}
            if tls.server == "plain":
                inside = server.through_socket(scene.database)
                _, proxy = stack.enter_context(proxied(inside))
                place = {"host": "127.0.0.1", "port": str(proxy.port)}
            if tls.host:
                place = {"host": tls.host, "hostaddr": server.address, "port": "5432"}
            if tls.root:
                wrong = scene.folder / "wrong.crt"
                shutil.copyfile(server.data / "server.crt", wrong)
                place["sslrootcert"] = str(server.authority if tls.root == "right" else wrong)
            to = make_conninfo(
                "",
                **place,
                user=tls.role,
                dbname=scene.database,
                sslmode=tls.mode,
                gssencmode="disable",
                password=server.password,
            )
            before = len(server.log)
            said = scene.run("verify", scene.file, "--to", to, expected=1, words=str(tls))
        logged = [line for line in server.log[before:].splitlines() if "outgrow" in line]
        authorized = [line for line in logged if "connection authorized" in line]
        came = "none"
        if authorized:
            came = "tls" if "SSL enabled" in authorized[0] else "plain"
        if came != tls.comes:
            scene.wrong.append(f"{tls}: {came}: {said}")
        # Nothing was migrated, which is what is told by a session; anything else is about TLS.
        code = "OG-550" if tls.comes != "none" else "OG-409"
        if f"error: {code}" not in said:
            scene.wrong.append(f"{tls}: not {code}: {said}")

    return play
