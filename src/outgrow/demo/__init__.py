"""The reference application's two SQLite files, made on the spot with every hazard in their rows.

What the application is, and what its rows look like, is told in :mod:`outgrow.demo.reference`.
"""

from outgrow.demo.reference import Progress, build_reference

__all__ = ["Progress", "build_reference"]
