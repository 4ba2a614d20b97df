"""Environments on nodes: mapping one, following the attempt, managing them all."""
