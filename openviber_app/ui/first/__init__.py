"""What a board shows before anything is chosen: the first steps, then what went on lately."""
