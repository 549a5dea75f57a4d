"""What one connection knows of the database: what all know, or more while it alone sees it."""

from __future__ import annotations

from outgrow.database.postgres.knowledge import Knowledge, read
from outgrow.database.postgres.plans import Plans
from outgrow.database.postgres.sessions import Session
from outgrow.database.postgres.temporary import is_temporary, with_temporary
from outgrow.translate import Schema


class Definitions:
    """The definitions that the statements of one connection are translated for."""

    def __init__(self, session: Session, knowledge: Knowledge) -> None:
        self._session = session
        self._knowledge = knowledge
        #: Definitions that are not committed, temporary tables, what a snapshot shows.
        self._own: Plans | None = None
        self._temporary: Schema | None = None  # with the temporary tables, once there are some
        self._is_ahead = False  # the others don't know what was defined

    @property
    def are_own(self) -> bool:
        """Whether the connection sees what the others do not."""
        return self._own is not None

    @property
    def have_temporary(self) -> bool:
        """Whether a temporary table was made."""
        return self._temporary is not None

    @property
    def known(self) -> Plans | None:
        """The plans for what is known, without asking the database."""
        return self._own or self._knowledge.known_plans

    def plans(self) -> Plans:
        """Give the plans for the definitions as they are."""
        return self._own or self._knowledge.plans(self._session)

    def changed(self, plans: Plans) -> bool:
        """Whether somebody else made the definitions others than those of ``plans``.

        What is seen inside of a transaction stays with this connection until its end.
        """
        if self._own is None and self._session.is_idle:
            return self._knowledge.reread(self._session, plans)
        schema = self._seen()
        if schema == plans.schema:
            return False
        self._own, self._is_ahead = Plans(schema), True
        return True

    def define(self, schema: Schema) -> None:
        """Go on with what a statement defined: alone until it is published."""
        if schema == self.plans().schema:
            return
        self._own, self._is_ahead = Plans(schema), True
        if is_temporary(schema):
            self._temporary = schema

    def publish(self) -> None:
        """Let the other connections know; temporary tables stay with this one."""
        if self._own is None or not self._is_ahead:
            return
        self._is_ahead = False
        self._knowledge.forget()
        if not is_temporary(self._own.schema):
            self._own = None

    def see_again(self) -> None:
        """Look what a rollback to a savepoint left."""
        if self._own is not None:
            self._own = Plans(self._seen())

    def forget(self) -> None:
        """Forget what was defined in a transaction that is gone; temporary tables stay."""
        has_more = self._temporary is not None and not self._session.is_broken
        if has_more and not self._is_ahead:
            return
        self._own, self._is_ahead = (Plans(self._seen()) if has_more else None), False

    def _seen(self) -> Schema:
        schema = read(self._session, self._knowledge.schema)
        return with_temporary(self._session, schema, self._temporary) if self._temporary else schema
