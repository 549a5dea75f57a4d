"""Random SQLite statements over random schemas, from a grammar.

``schemas``, ``rows``, ``tables`` and ``views`` make the schema, ``held`` says what types it has in
PostgreSQL. ``grammar`` says which expressions there are; ``expressions``, ``sources``, ``selects``
and ``writes`` put statements together as ``trees``. ``judging`` runs them on SQLite and PostgreSQL,
``shrinking`` makes a statement that differs small, ``printing`` writes it as a case for the corpus;
``running`` does that for many.
"""
