"""Where the houses of a city stand, and which of their windows are lit."""

import random
from dataclasses import dataclass

SKY = " "
STAR = "."
WALL = "#"
DARK = ":"
LIT = "o"
WINDOWS = 0.45
"""How many windows are lit, from 0 to 1."""

STARS = 0.03


@dataclass(frozen=True)
class House:
    """A house: its left wall, how wide and how high it is."""

    left: int
    width: int
    height: int


def plan(width: int, height: int, chance: random.Random) -> "list[House]":
    """Set houses from left to right until the street is full."""
    houses = []
    left = 0
    while left < width:
        wide = min(chance.randint(5, 11), width - left)
        houses.append(House(left, wide, chance.randint(height // 4, height - 2)))
        left += wide + chance.choice([0, 0, 1])
    return houses


def draw(width: int = 72, height: int = 16, seed: int = 1) -> "list[str]":
    """Return the lines of a picture; the same seed gives the same city."""
    chance = random.Random(seed)
    rows = [[STAR if chance.random() < STARS else SKY for _ in range(width)] for _ in range(height)]
    for house in plan(width, height, chance):
        build(rows, house, chance)
    return ["".join(row) for row in rows]


def build(rows: "list[list[str]]", house: House, chance: random.Random) -> None:
    """Put a house into the picture."""
    top = len(rows) - house.height
    for y in range(top, len(rows)):
        for x in range(house.left, house.left + house.width):
            edge = y == top or x in (house.left, house.left + house.width - 1)
            floor = (y - top) % 2 == 1
            column = (x - house.left) % 2 == 0
            if edge or not (floor and column):
                rows[y][x] = WALL
            else:
                rows[y][x] = LIT if chance.random() < WINDOWS else DARK
