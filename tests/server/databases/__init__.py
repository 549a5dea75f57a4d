"""Random SQLite databases, whole: what applications left in their files, and worse.

``names``, ``types`` and ``values`` hold what FIELD.md tells of real files; ``tables`` and ``logic``
put them together as SQL, ``files`` makes files of it, ``judging`` migrates one and has it judged by
the independent comparison, ``many`` does that for thousands.
"""
