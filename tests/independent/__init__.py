"""A comparison of a SQLite file with what became of it in PostgreSQL, independent of the product.

It is written with the standard library's sqlite3 and psycopg alone and imports nothing of
``outgrow``: it judges by SQLite's pragmas, PostgreSQL's catalogs and the contract of the project.
"""
