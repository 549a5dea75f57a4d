"""What the environment says about the database, and ``.env`` below it, for the command line."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values

from outgrow.database.settings import Settings, read_settings

FILE = Path(".env")


def settings() -> Settings:
    """Read the environment, and ``.env`` in the current directory for what it does not say.

    Raises:
        SettingsError: a value that can't stand there.

    """
    from_file = {name: value for name, value in dotenv_values(FILE).items() if value is not None}
    said = {name: value for name, value in os.environ.items() if value.strip()}
    return read_settings(from_file | said)
