"""One migration in a network of its own, which is switched off in the middle.

    unshare --net python -m torture.networks.dark BYTES SOURCE CONNINFO SCHEMA

Ends with the status of the command, and says what it says.
"""

from __future__ import annotations

import subprocess
import sys

from commands import OUTGROW, environment
from proxy import Harm, proxied


def main() -> int:
    """Run it."""
    after, source, conninfo, schema = sys.argv[1:]
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with proxied(conninfo, Harm("dark", after_bytes=int(after))) as (target, _):
        arguments = ["migrate", source, "--to", target, "--schema", schema, "--replace", "--json"]
        return subprocess.call([*OUTGROW, *arguments], env=environment(), timeout=90)


if __name__ == "__main__":
    sys.exit(main())
