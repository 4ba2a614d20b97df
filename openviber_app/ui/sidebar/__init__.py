"""The sidebar of every page: the environment one is in, its threads, the others, the nodes."""
