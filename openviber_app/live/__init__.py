"""The browser'\''s socket."""
