"""A real Chromium on a real board for the tests of the pages."""

from tests.support.visit import board, browser, open_page, page, rest

__all__ = ["board", "browser", "open_page", "page", "rest"]
