"""The board: a Reflex app with an embedded hub, a REST API and a live channel."""
