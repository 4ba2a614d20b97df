"""The page that makes and edits an environment."""
