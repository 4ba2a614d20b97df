"""Masks secrets in everything a process prints."""
