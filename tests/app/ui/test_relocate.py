from pathlib import Path

import pytest

from openviber_app.ui.relocate import RelocatableFrontend, relocate

BAKED = "const e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`};"


def test_addresses_become_relative_to_the_page() -> None:
    script = relocate(BAKED)
    assert "localhost:8000" not in script
    assert script.count("location.origin") == 2
    assert ".replace(/^http/,`ws`)+`/_event`" in script


def test_a_script_of_another_form_is_noticed() -> None:
    with pytest.raises(ValueError, match="unexpected form"):
        relocate("const e={};")


def test_the_one_chunk_with_the_addresses_is_rewritten_in_place(tmp_path: Path) -> None:
    chunk = tmp_path / "assets" / "reflex-env-1a2b.js"
    chunk.parent.mkdir()
    chunk.write_text(BAKED)
    RelocatableFrontend().post_build(static_dir=tmp_path)
    assert chunk.read_text() == relocate(BAKED)
