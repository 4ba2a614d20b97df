"""Paint a city, line by line: `python3 -m skyline --seed 7`."""

import argparse
import time

from skyline.city import DARK, LIT, STAR, WALL, draw

COLOURS = {LIT: "\033[33m", STAR: "\033[36m", WALL: "\033[34m", DARK: "\033[34m"}
PLAIN = "\033[0m"


def painted(line: str) -> str:
    """Return a line with its colours."""
    return "".join(COLOURS.get(letter, "") + letter for letter in line) + PLAIN


def main() -> None:
    """Read the arguments and paint."""
    parser = argparse.ArgumentParser(prog="skyline", description="A city at night.")
    parser.add_argument("--seed", type=int, default=1, help="another number is another city")
    parser.add_argument("--width", type=int, default=72)
    parser.add_argument("--height", type=int, default=16)
    parser.add_argument("--pause", type=float, default=0.06, help="seconds between two lines")
    given = parser.parse_args()
    for line in draw(max(20, given.width), max(6, given.height), given.seed):
        print(painted(line), flush=True)
        time.sleep(given.pause)
    print(f"Good night from city {given.seed}.")


if __name__ == "__main__":
    main()
