"""One module a construct; ``RULES`` maps node types to handlers."""
