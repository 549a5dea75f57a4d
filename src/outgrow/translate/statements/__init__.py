"""One module a kind of statement; ``STATEMENTS`` maps node types to handlers."""
