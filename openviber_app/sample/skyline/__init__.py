"""A city at night, drawn in a terminal."""
