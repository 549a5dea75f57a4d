"""Rules: one module each, found by walking this package; adding one touches nothing else."""
