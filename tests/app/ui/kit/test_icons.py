import re
from pathlib import Path

from openviber_app.ui.kit import icons

SCRIPT = (Path(icons.__file__).parent / "icons.jsx").read_text()


def test_an_icon_is_asked_for_by_name() -> None:
    assert 'name:"plus"' in str(icons.icon("plus", size=16))


def test_every_imported_picture_has_a_name() -> None:
    imported = re.search(r"import \{([^}]*)\} from \"lucide-react\"", SCRIPT)
    table = re.search(r"const ICONS = \{([^}]*)\}", SCRIPT)
    assert imported
    assert table
    names = {name.strip() for name in imported[1].split(",") if name.strip()}
    assert names == {pair.split(":")[1].strip() for pair in table[1].split(",") if pair.strip()}
