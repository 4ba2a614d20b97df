"""The gate: what every request and every socket passes before anything else of the board."""
