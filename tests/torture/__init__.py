"""``make torture``: what could lose something, done on purpose, many times, and counted.

Each part is a module with a ``PART``, the ``part.py`` of a folder where it takes several;
``python -m torture --help`` says how parts are run. The figures of the last full run are in
docs/reliability.md. Adding a part touches `torture.parts`.
"""
