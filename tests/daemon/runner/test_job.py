"""What the daemon hands over."""

import io
import json
from pathlib import Path
from uuid import uuid4

import pytest

from openviber_daemon.runner.job import BrokenJobError, read_handover, read_job
from tests.support.runner_jobs import SealingBoard, make_prepare_payload, make_spec


def test_a_job_is_read_as_the_daemon_wrote_it(tmp_path: Path) -> None:
    board, execution_id = SealingBoard(tmp_path), uuid4()
    payload = make_prepare_payload(make_spec(), execution_id)
    attempt = board.make_job("prepare", payload, execution_id, log_limit=12345)

    job = read_job(attempt.path)

    assert (job.kind, job.execution_id, job.attempt) == ("prepare", str(execution_id), 1)
    assert (job.home, job.payload, job.log_limit_bytes) == (tmp_path, payload, 12345)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"kind": "dance"}', "{"])
def test_a_job_that_is_none_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "job.json").write_text(content)

    with pytest.raises(BrokenJobError, match="cannot be read"):
        read_job(tmp_path)


def test_the_hand_over_is_one_line(tmp_path: Path) -> None:
    board = SealingBoard(tmp_path)
    line = json.dumps(board.without_bundle()).encode() + b"\nmore"

    handover = read_handover(io.BytesIO(line))

    assert handover.bundle is None
    assert handover.hub_key == board.hub_public
    assert handover.sealing_key_file == board.sealing_key_file


@pytest.mark.parametrize("line", [b"", b"{}", b'"hunter2"', b'{"bundle": "hunter2"', b"\xff"])
def test_a_hand_over_that_is_none_tells_nothing_of_its_content(line: bytes) -> None:
    with pytest.raises(BrokenJobError) as caught:
        read_handover(io.BytesIO(line))

    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__
