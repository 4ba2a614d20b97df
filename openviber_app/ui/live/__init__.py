"""React components that hold a live connection."""
