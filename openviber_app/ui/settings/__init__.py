"""The settings: a person's own account, on a page with its section in the address."""
