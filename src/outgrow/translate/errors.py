"""What can't be translated, and how it is told."""

from __future__ import annotations

import re

from outgrow.errors import Code, OutgrowError, define

UNPARSABLE = define("OG-300", "SQLite's grammar does not accept this SQL")
UNKNOWN_NAME = define("OG-301", "a name in the SQL means nothing in this database")
UNKNOWN_FUNCTION = define("OG-302", "a function that PostgreSQL and this program don't know")
UNSUPPORTED = define("OG-303", "a form of SQL that is not translated")
MIXED_CLASSES = define("OG-304", "an expression whose storage class changes from row to row")
NOT_IMMUTABLE = define("OG-305", "an index or a generated column may not depend on time or session")
BARE_COLUMN = define("OG-306", "a column beside an aggregate that is not in GROUP BY")
UNFIT_VALUE = define("OG-307", "a value that the promoted column can't hold")
LOST_TEXT = define("OG-308", "the text of a value that was promoted to jsonb is needed")
SQLITE_REFUSES = define("OG-310", "SQLite does not take the statement either")
AMBIGUOUS_PARAMETERS = define("OG-309", "it is not clear what stands for a bound parameter")

#: A parameter in translated SQL, before the statement is whole.
_PARAMETER = re.compile("CAST\\(\0(\\w+)\0 AS [a-z ]+\\)")


class UntranslatableSQL(OutgrowError):
    """The SQL has no translation that is known to give SQLite's result.

    Args:
        code: the stable code.
        what: which construct, in SQLite's words.
        hint: what to do instead; may be empty.

    """

    def __init__(self, code: Code, what: str, hint: str = "") -> None:
        super().__init__(code, _PARAMETER.sub(r"?\1", what), fix=hint)

    @property
    def hint(self) -> str:
        """What to do instead."""
        return self.fix


def unsupported(what: str, hint: str = "") -> UntranslatableSQL:
    """Name a form that is not translated."""
    return UntranslatableSQL(UNSUPPORTED, what, hint)
