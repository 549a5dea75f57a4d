"""One module a family of functions; ``FUNCTIONS`` and ``AGGREGATES`` map names to handlers."""
