"""The fast way: blocks of rows in COPY's binary form, made by a process of its own.

Two copies of SQLite must not open one file in one process, for closing it in one drops the locks
of the other (https://www.sqlite.org/howtocorrupt.html, section 2.2.1); and Arrow's driver brings
a SQLite. Besides, the rows are encoded while PostgreSQL takes those before.
"""
