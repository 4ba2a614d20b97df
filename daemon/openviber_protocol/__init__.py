"""The frames and the rules of both peers; no I/O."""
