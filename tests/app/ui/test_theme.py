import re
from pathlib import Path

from openviber_app.ui.theme import COLOURS

SHEET = (Path(__file__).resolve().parents[3] / "assets" / "theme.css").read_text()


def variables_of(selector: str) -> set[str]:
    block = re.search(re.escape(selector) + r" \{(.*?)\}", SHEET, re.DOTALL)
    assert block is not None
    return set(re.findall(r"--([a-z0-9-]+):", block[1]))


def test_every_colour_has_a_light_and_a_dark_value() -> None:
    assert set(COLOURS) <= variables_of(":root")
    assert variables_of(":root") == variables_of(":root.dark")


def test_fonts_come_from_the_board_itself() -> None:
    addresses = re.findall(r'url\("([^"]+)"\)', SHEET)
    assert addresses
    assets = Path(__file__).resolve().parents[3] / "assets"
    assert all((assets / address.lstrip("/")).is_file() for address in addresses)
