import re
from pathlib import Path

import pytest

from openviber_app import ui
from openviber_app.ui.published import script

FOLDER = Path(ui.__file__).parent
SCRIPTS = sorted(file for file in FOLDER.rglob("*") if file.suffix in {".js", ".jsx"})


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_every_import_of_a_script_is_there(file: Path) -> None:
    root = script("")
    for imported in re.findall(r'from "([.$][^"]+)"', file.read_text()):
        if imported.startswith(root):
            assert (FOLDER / imported.removeprefix(root)).is_file(), imported
        elif imported.startswith("."):
            assert (file.parent / imported).is_file(), imported


def test_every_wrapper_names_a_script_that_is_there() -> None:
    named: list[str] = []
    for module in FOLDER.rglob("*.py"):
        named += re.findall(r'library = script\("([^"]+)"\)', module.read_text())
    assert len(named) > 20
    assert [name for name in named if not (FOLDER / name).is_file()] == []
