"""The ways in which a run can carry out its message."""
