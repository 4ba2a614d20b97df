from pathlib import Path

from openviber_daemon import capabilities


def test_a_machine_is_described(tmp_path: Path) -> None:
    found = capabilities.capabilities(
        home=tmp_path, path=capabilities.NODE_PATH, tools={"bash": "5"}
    )
    assert found.cores > 0
    assert found.memory_bytes > 0
    assert found.disk_free_bytes > 0
    assert found.git[0].isdigit()
    assert found.user
    assert found.sandbox == ("native",)


def test_tools_are_found_and_asked(tmp_path: Path) -> None:
    tool = tmp_path / "uv"
    tool.write_text("#!/bin/sh\necho welcome; echo uv 9.9.9\n")
    tool.chmod(0o755)
    silent = tmp_path / "go"
    silent.write_text("#!/bin/sh\nexit 1\n")
    silent.chmod(0o755)
    path = capabilities.script_path((str(tmp_path),))
    assert set(capabilities.find_tools(str(tmp_path))) == {"uv", "go"}
    asked = capabilities.ask_tools(path)
    assert (asked["uv"], asked["go"]) == ("uv 9.9.9", "")
    assert "bash" in asked


def test_the_load_is_told(tmp_path: Path) -> None:
    load = capabilities.load(home=tmp_path, running=2, spool_bytes=7)
    assert (load.running, load.spool_bytes) == (2, 7)
    assert load.memory_free_bytes > 0
