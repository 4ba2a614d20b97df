"""The small process that carries out one prepare or one run."""
