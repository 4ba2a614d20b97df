import sys
from pathlib import Path

import pytest

from openviber_app.services import script_checks
from openviber_app.services.script_checks import check_script


async def codes(text: str) -> dict[str, int]:
    found, is_known = await check_script(text)
    assert is_known
    return {f.code: f.line for f in found}


async def test_a_good_script_and_an_empty_one_have_nothing_wrong() -> None:
    assert await codes('set -eu\nuv sync --frozen\necho "$HOME" "${EXTRA:-none}"\n') == {}
    assert await codes("") == await codes(" \n\n") == {}


async def test_what_bash_does_not_take_is_an_error_on_its_line() -> None:
    found, _ = await check_script("set -eu\nif [ -f uv.lock ]; then\n  uv sync\ncp a b\n")
    errors = {f.code: f.line for f in found if f.level == "error"}
    assert errors["bash"] in {2, 4}  # bash 5.3 names the line of the `if`
    assert errors["SC1046"] == 2


async def test_shellcheck_reads_as_bash_and_its_opinion_is_a_warning() -> None:
    found, _ = await check_script('list=(a b)\necho ${list[@]}\nrm -rf "$DIR/"*\n')
    assert {f.code: f.level.value for f in found} == {
        "SC2068": "warning",
        "SC2115": "warning",
        "SC2154": "warning",
    }


async def test_a_cd_that_fails_ends_a_script_on_a_node_so_it_is_no_finding() -> None:
    assert "SC2164" not in await codes("cd sub\nls\n")


async def test_a_script_is_read_and_never_run(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    command = f"touch {touched}"
    await check_script(f'{command}\nx=$({command})\necho "$x" `{command}`\ntrap "{command}" EXIT\n')
    assert not touched.exists()


async def test_no_file_of_this_machine_is_read_for_a_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sourced = tmp_path / "names.sh"
    sourced.write_text("FROM_FILE=1\nif then\n")
    (tmp_path / ".shellcheckrc").write_text("disable=all\nexternal-sources=true\n")
    (tmp_path / ".bashrc").write_text("exit 1\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BASH_ENV", str(sourced))
    text = f"# shellcheck source={sourced}\n. {sourced}\necho $FROM_FILE\n"
    assert await codes(text) == {"SC2154": 3, "SC2086": 3}


async def test_without_shellcheck_it_is_said_and_nothing_is_green(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (missing,), is_known = await check_script("echo hello")
    assert not is_known
    assert (missing.level, missing.code) == ("warning", "shellcheck")
    assert "not installed with this board" in missing.message
    broken, _ = await check_script("fi")
    assert [f.code for f in broken] == ["bash", "shellcheck"]


async def test_a_shellcheck_that_says_nothing_is_not_taken_for_praise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "shellcheck"
    program.write_text("#!/bin/sh\nexit 4\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (found,), is_known = await check_script("echo hello")
    assert not is_known
    assert "gave no answer" in found.message


async def test_a_shellcheck_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "shellcheck"
    program.write_text("#!/bin/sh\nsleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(script_checks, "SECONDS", 1)
    (found,), is_known = await check_script("echo hello")
    assert not is_known
    assert "did not read the script in 1 s" in found.message


def test_shellcheck_lies_beside_the_boards_python() -> None:
    assert script_checks.shellcheck_path().is_file()
