"""``python -m outgrow``."""

from __future__ import annotations

import sys

from outgrow.cli import main

if __name__ == "__main__":
    sys.exit(main())
