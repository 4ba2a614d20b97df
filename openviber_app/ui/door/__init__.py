"""The door's own React parts."""
