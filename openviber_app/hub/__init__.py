"""The nodes'\'' side of the board: sockets, inbound frames, outgoing commands."""
