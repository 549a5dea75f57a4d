"""Which way rows go, unless it is left to the size of the tables."""

from __future__ import annotations

import os
from enum import StrEnum

#: Tables that together have fewer bytes are loaded row by row before the process has begun.
_WORTH_STARTING = 16 << 20

#: A table of fewer bytes is as quick row by row.
_WORTH_ASKING = 256 << 10


class Way(StrEnum):
    """Rows one by one, blocks wherever that is possible, or as it is quicker.

    Both ways give the same tables; ``OUTGROW_LOAD=rows`` or ``=fast`` is for measuring and tests.
    """

    AUTO = "auto"
    ROWS = "rows"
    FAST = "fast"

    @classmethod
    def wished(cls) -> Way:
        """What the environment asks for."""
        wish = os.environ.get("OUTGROW_LOAD", "")
        return cls(wish) if wish in tuple(cls) else cls.AUTO

    def needs_process(self, all_bytes: int) -> bool:
        """Whether to begin the encoding process for tables of so many bytes."""
        return self is Way.FAST or (self is Way.AUTO and all_bytes >= _WORTH_STARTING)

    def is_worth_asking(self, table_bytes: int) -> bool:
        """Whether a running process is quicker for a table of so many bytes."""
        return self is Way.FAST or (self is Way.AUTO and table_bytes >= _WORTH_ASKING)
