"""From decisions to statements: every object of the target as an ordered step, or a reason."""
