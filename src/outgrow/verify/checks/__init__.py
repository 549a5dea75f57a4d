"""One module a kind of object: how many the source declares, and whether each is right.

A module is a `Check` (see `inspection`); it is found by being here.
"""
