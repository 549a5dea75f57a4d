"""Random SQLite statements over random schemas, from a grammar.

``schemas`` and ``rows`` make the tables, ``grammar`` says which expressions there are,
``expressions`` and ``selects`` and ``writes`` put statements together as trees, ``judging`` runs
them on SQLite and PostgreSQL, ``shrinking`` makes a statement that differs small, ``printing``
writes it as a case for the corpus.
"""
