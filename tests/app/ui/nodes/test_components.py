import re
from pathlib import Path

from openviber_app.ui import nodes
from openviber_app.ui.nodes.components import AddNode, NodesPage

FOLDER = Path(nodes.__file__).parent


def test_every_script_is_published_and_every_wrapper_names_one() -> None:
    scripts = {file.name for file in FOLDER.iterdir() if file.suffix in {".js", ".jsx"}}
    listed = set(re.findall(r'"([a-z_]+\.jsx?)"', Path(nodes.__file__).read_text()))
    assert listed == scripts
    for wrapper in (AddNode, NodesPage):
        assert str(wrapper.create().library).removeprefix(f"{nodes.PUBLISHED}/") in scripts


def test_a_token_is_written_to_nothing_that_stays() -> None:
    for file in FOLDER.glob("*.js*"):
        text = file.read_text()
        assert not re.search(r"(local|session)Storage|console\.|indexedDB", text), file.name
