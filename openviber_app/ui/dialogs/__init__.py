"""Dialogs over the pages: sheets from the bottom on a phone."""
