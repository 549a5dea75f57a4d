"""What the environment says about the database, and ``.env`` below it, for the command line."""

from __future__ import annotations

import os
from pathlib import Path

from outgrow.database.settings import Settings, read_env_file, read_settings

FILE = Path(".env")


def settings() -> Settings:
    """Read the environment, and ``.env`` in the current directory for what it does not say.

    Raises:
        SettingsError: a value that can't stand there.

    """
    return read_settings(os.environ, read_env_file(FILE))
