"""Thin Reflex states: switchboards between the screens and the services."""
