"""The side of the board that nodes talk to: sockets, frames in, commands out."""
