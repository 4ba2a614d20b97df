import asyncio
import os
import re
from pathlib import Path

import pytest

from openviber_app.services import programs
from tests.support.waiting import fact

ENVIRONMENT = {"PATH": os.environ["PATH"]}


async def run(script: str, *, seconds: float = 20, text: str = "") -> programs.Outcome:
    return await programs.run(
        ["bash", "-c", script], environment=ENVIRONMENT, seconds=seconds, text=text
    )


def is_running(pid: str) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_program_gets_its_text_and_nothing_of_the_boards_environment() -> None:
    os.environ["OF_THE_BOARD"] = "1"
    try:
        done = await run("cat; env >&2; exit 3", text="grüße")
    finally:
        del os.environ["OF_THE_BOARD"]
    assert (done.exit_code, done.output) == (3, "grüße")
    assert "OF_THE_BOARD" not in done.errors


async def test_endless_output_has_an_end() -> None:
    done = await run("yes")
    assert done.exit_code == 1
    assert 0 < len(done.output) <= programs.OUTPUT_MAX_BYTES


async def test_children_end_with_the_program_when_its_time_is_up() -> None:
    done = await run("sleep 600 & echo $!; wait", seconds=0.5)
    assert done.is_late
    await fact(lambda: not is_running(done.output.strip()), "the process is gone")


async def test_a_child_that_goes_on_alone_ends_with_the_program() -> None:
    done = await run("sleep 600 >/dev/null 2>&1 & echo $!")
    assert done.exit_code == 0
    await fact(lambda: not is_running(done.output.strip()), "the process is gone")


async def test_nothing_is_left_of_a_program_whose_caller_gave_up(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(
            run(f"sleep 600 & echo $$ $! > {told}.new; mv {told}.new {told}; wait")
        )
        await fact(told.exists, "it has begun")
        task.cancel()
    for pid in re.findall(r"\d+", told.read_text()):
        await fact(lambda pid=pid: not is_running(pid), "the process is gone")


async def test_a_program_that_is_not_there_is_told_to_the_caller() -> None:
    with pytest.raises(programs.MissingProgramError):
        await programs.run(["/nonexistent/program"], environment={}, seconds=1)


def test_a_file_in_memory_is_private_and_ends_with_its_use() -> None:
    with programs.in_memory("key", "secret\n") as descriptor:
        path = Path(programs.path_of(descriptor))
        assert path.read_text() == "secret\n"
        assert path.stat().st_mode & 0o777 == 0o600
    assert not path.exists()
