"""Sharing an environment with other people."""
