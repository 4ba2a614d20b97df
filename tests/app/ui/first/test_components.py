import json
import subprocess
import sys
from pathlib import Path

import pytest

from openviber_app.ui import first
from openviber_app.ui.first import components

FOLDER = Path(first.__file__).parent
BUN = Path(sys.executable).with_name("bun")


def test_the_wrappers_name_what_their_scripts_give() -> None:
    for wrapper in (components.FirstSteps, components.RecentThreads):
        made = wrapper.create()
        file = FOLDER / str(made.library).rpartition("/")[2]
        assert f"export function {made.tag}(" in file.read_text()


@pytest.mark.parametrize(
    ("pasted", "complaint"),
    [
        ("https://github.com/acme/checkout-api", ""),
        ("  git@github.com:acme/checkout-api.git ", ""),
        ("ssh://git@git.example.org:2222/a/b", ""),
        ("github.com/acme/checkout-api", ""),
        ("", "Paste"),
        ("two words", "spaces"),
        ("https://ghp_secret@github.com/a/b", "token"),
        ("https://me:secret@github.com/a/b", "token"),
        ("ssh://me:secret@github.com/a/b", "token"),
    ],
)
def test_a_pasted_address_goes_along_unless_it_holds_a_secret(
    tmp_path: Path, pasted: str, complaint: str
) -> None:
    probe = tmp_path / "probe.mjs"
    probe.write_text(
        f'import {{ complaintOf, wizardFor }} from "{FOLDER}/repository_address.js";\n'
        f"const text = {json.dumps(pasted)};\n"
        "console.log(JSON.stringify([complaintOf(text), wizardFor(text)]));\n"
    )
    done = subprocess.run(
        [str(BUN), "run", str(probe)], check=True, capture_output=True, text=True, timeout=50
    )
    said, target = json.loads(done.stdout)
    assert complaint in said
    assert bool(said) == bool(complaint)
    if not complaint:
        assert target.startswith("/environments/new?repo=")
        assert " " not in target
