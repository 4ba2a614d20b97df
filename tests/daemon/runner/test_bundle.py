"""Sealed bundles, and every way in which one must not open (attacks A01, A02, A05)."""

import base64
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from openviber_daemon.runner.bundle import PREVIOUS_SEALING_KEY, OpenedBundle, open_bundle
from openviber_daemon.runner.errors import BundleRefusedError
from openviber_daemon.runner.job import Handover, read_job
from openviber_protocol.canonical import bundle_signed
from tests.support.runner_jobs import Attempt, SealingBoard, make_prepare_payload, make_spec

SECRETS = {"TOKEN": {"value": "hunter2-secret", "scope": "both"}}


@pytest.fixture
def board(tmp_path: Path) -> SealingBoard:
    return SealingBoard(tmp_path)


@pytest.fixture
def attempt(board: SealingBoard) -> Attempt:
    return make_attempt(board)


def make_attempt(board: SealingBoard, *names: str) -> Attempt:
    execution_id = uuid4()
    refs = [{"name": name, "version": 1, "scope": "both"} for name in names or ("TOKEN",)]
    spec = make_spec(secrets=refs)
    return board.make_job("prepare", make_prepare_payload(spec, execution_id), execution_id)


def hand_over(raw: Mapping[str, Any]) -> Handover:
    return Handover(
        bundle=raw["bundle"],
        info=base64.b64decode(raw["info"]),
        hub_key=base64.b64decode(raw["hubKey"]),
        sealing_key_file=Path(raw["sealingKeyFile"]),
    )


def open_(attempt: Attempt, raw: Mapping[str, Any]) -> OpenedBundle:
    return open_bundle(read_job(attempt.path), hand_over(raw))


def refusal(attempt: Attempt, raw: Mapping[str, Any]) -> str:
    with pytest.raises(BundleRefusedError) as caught:
        open_(attempt, raw)
    assert caught.value.reason == "refused"
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def test_a_bundle_of_the_board_opens(board: SealingBoard, attempt: Attempt) -> None:
    git = {"kind": "token", "secret": "git-token", "username": "me", "known_hosts": ""}
    opened = open_(attempt, board.seal(attempt, secrets=SECRETS, git=git))

    assert opened.secrets["TOKEN"].value.open() == "hunter2-secret"
    assert opened.secrets["TOKEN"].scope == "both"
    assert opened.git
    assert (opened.git.kind, opened.git.username) == ("token", "me")
    assert sorted(opened.list_plaintexts()) == ["git-token", "hunter2-secret"]
    assert "hunter2" not in repr(opened)
    assert "git-token" not in repr(opened)


def test_an_environment_without_secrets_needs_no_bundle(board: SealingBoard) -> None:
    execution_id = uuid4()
    payload = make_prepare_payload(make_spec(), execution_id)
    attempt = board.make_job("prepare", payload, execution_id)

    assert open_(attempt, board.without_bundle()) == OpenedBundle()


def test_nothing_runs_without_the_secrets_it_should_have(
    board: SealingBoard, attempt: Attempt
) -> None:
    assert "sent no secrets" in refusal(attempt, board.without_bundle())


def test_a_secret_that_is_missing_is_named(board: SealingBoard) -> None:
    attempt = make_attempt(board, "TOKEN", "OTHER")

    assert "lacks the secret OTHER" in refusal(attempt, board.seal(attempt, secrets=SECRETS))


def test_a_bundle_of_another_command_is_refused(board: SealingBoard, attempt: Attempt) -> None:
    other = make_attempt(board)

    assert "another command" in refusal(attempt, board.seal(other, secrets=SECRETS))


@pytest.mark.parametrize("field", ["commandId", "attempt"])
def test_a_bundle_replayed_for_another_attempt_is_refused(
    board: SealingBoard, attempt: Attempt, field: str
) -> None:
    raw = board.seal(attempt, secrets=SECRETS)
    job = json.loads((attempt.path / "job.json").read_text())
    job[field] = 2 if field == "attempt" else str(uuid4())
    (attempt.path / "job.json").write_text(json.dumps(job))

    assert "another command" in refusal(attempt, raw)


@pytest.mark.parametrize("field", ["bindingId", "environmentId"])
def test_a_bundle_of_another_binding_is_refused(
    board: SealingBoard, attempt: Attempt, field: str
) -> None:
    raw = board.seal(attempt, secrets=SECRETS)
    job = json.loads((attempt.path / "job.json").read_text())
    job["payload"][field] = str(uuid4())
    (attempt.path / "job.json").write_text(json.dumps(job))

    assert "another command" in refusal(attempt, raw)


def test_an_expired_bundle_is_refused_with_a_hint_at_the_clocks(
    board: SealingBoard, attempt: Attempt
) -> None:
    raw = board.seal(attempt, secrets=SECRETS, expires_at=int(time.time()) - 120)

    assert "expired" in refusal(attempt, raw)
    assert "clocks" in refusal(attempt, raw)


def test_clocks_may_differ_a_little(board: SealingBoard, attempt: Attempt) -> None:
    raw = board.seal(attempt, secrets=SECRETS, expires_at=int(time.time()) - 5)

    assert open_(attempt, raw).secrets


def test_the_expiry_cannot_be_moved(board: SealingBoard, attempt: Attempt) -> None:
    raw = board.seal(attempt, secrets=SECRETS, expires_at=int(time.time()) - 120)
    raw["bundle"]["expiresAt"] = int(time.time()) + 300

    assert "another command" in refusal(attempt, raw)


def test_a_bundle_forged_with_the_nodes_public_key_is_refused(
    board: SealingBoard, attempt: Attempt
) -> None:
    genuine = board.hub_public
    board.hub_key = Ed25519PrivateKey.generate()
    raw = board.seal(attempt, secrets=SECRETS)
    raw["hubKey"] = base64.b64encode(genuine).decode()

    assert "not signed by the board" in refusal(attempt, raw)


def test_a_bundle_for_another_node_is_refused(board: SealingBoard, attempt: Attempt) -> None:
    raw = board.seal(attempt, secrets=SECRETS)
    other = X25519PrivateKey.generate().private_bytes_raw()
    board.sealing_key_file.write_bytes(base64.b64encode(other))

    assert "not sealed to this node's key" in refusal(attempt, raw)


def test_a_bundle_sealed_just_before_the_keys_were_changed_still_opens(
    board: SealingBoard, attempt: Attempt
) -> None:
    raw = board.seal(attempt, secrets=SECRETS)
    before = board.sealing_key_file.read_bytes()
    board.sealing_key_file.with_name(PREVIOUS_SEALING_KEY).write_bytes(before)
    other = X25519PrivateKey.generate().private_bytes_raw()
    board.sealing_key_file.write_bytes(base64.b64encode(other))

    assert open_(attempt, raw).secrets["TOKEN"].value.open() == "hunter2-secret"


def test_a_node_without_its_key_says_so(board: SealingBoard, attempt: Attempt) -> None:
    raw = board.seal(attempt, secrets=SECRETS)
    board.sealing_key_file.unlink()

    assert "cannot be read" in refusal(attempt, raw)


@pytest.mark.parametrize("length", [0, 1, 16, 31, 32, 33, 47, -1])
def test_a_bundle_cut_short_is_refused_even_when_signed(
    board: SealingBoard, attempt: Attempt, length: int
) -> None:
    raw = board.seal(attempt, secrets=SECRETS)
    cut = base64.b64decode(raw["bundle"]["ciphertext"])[:length]
    signed = bundle_signed(info=base64.b64decode(raw["info"]), ciphertext=cut)
    raw["bundle"]["ciphertext"] = base64.b64encode(cut).decode()
    assert "signed" in refusal(attempt, raw)
    raw["bundle"]["signature"] = base64.b64encode(board.hub_key.sign(signed)).decode()

    assert "not sealed to this node's key" in refusal(attempt, raw)


def test_every_flipped_byte_is_noticed(board: SealingBoard, attempt: Attempt) -> None:
    genuine = board.seal(attempt, secrets=SECRETS)
    for field in ("ciphertext", "signature"):
        good = base64.b64decode(genuine["bundle"][field])
        for at in range(0, len(good), 7):
            bad = bytearray(good)
            bad[at] ^= 1
            changed = {**genuine["bundle"], field: base64.b64encode(bad).decode()}
            refusal(attempt, {**genuine, "bundle": changed})


@pytest.mark.parametrize(
    "damage",
    [
        {"ciphertext": "not base64!"},
        {"signature": None},
        {"expiresAt": "soon"},
    ],
)
def test_a_damaged_bundle_is_refused(
    board: SealingBoard, attempt: Attempt, damage: dict[str, object]
) -> None:
    raw = board.seal(attempt, secrets=SECRETS)
    raw["bundle"].update(damage)

    assert "damaged" in refusal(attempt, raw)


@pytest.mark.parametrize(
    "secrets",
    [
        {"TOKEN": "hunter2-secret"},
        {"TOKEN": {"value": 5, "scope": "both"}},
        {"TOKEN": {"value": "hunter2-secret", "scope": "always"}},
        [],
    ],
)
def test_a_form_this_node_does_not_know_is_refused(
    board: SealingBoard, attempt: Attempt, secrets: Any
) -> None:
    assert "form this node knows" in refusal(attempt, board.seal(attempt, secrets=secrets))
