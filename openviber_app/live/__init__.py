"""The browser's socket."""
