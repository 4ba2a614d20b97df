import re
from pathlib import Path

from openviber_app.ui import nodes

FOLDER = Path(nodes.__file__).parent


def test_a_token_is_written_to_nothing_that_stays() -> None:
    for file in FOLDER.glob("*.js*"):
        text = file.read_text()
        assert not re.search(r"(local|session)Storage|console\.|indexedDB", text), file.name
