"""`openviber-board secrets` as a program, beside a board that has the database open."""

import json
import os
import subprocess
import sys
from pathlib import Path

from openviber_app.domain.ids import new_id
from openviber_app.key_commands import table
from openviber_app.services import secrets
from openviber_app.services.key_state import Finding, Verification
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.board_process import ROOT
from tests.support.environments import secret
from tests.support.tampering import VALUE, make_victim


def _secrets(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "openviber_app", "secrets", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA": str(data), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=55,
    )


async def test_rotate_and_verify_beside_a_board_that_goes_on(
    runtime: Runtime, people: People
) -> None:
    data = runtime.settings.data
    await secrets.check_vault(runtime)
    victim = await make_victim(runtime, people.alice, secrets=(secret("TOKEN", VALUE),))
    old = runtime.vault.kms_key_id
    done = _secrets(data, "rotate")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2" in done.stdout
    assert runtime.vault.kms_key_id != old  # seen without a restart
    await victim.save(people.alice, secret("OTHER", "a-new-value"))
    verified = _secrets(data, "verify", "--prune")
    assert verified.returncode == 0
    assert "2 secret(s) of 1 environment(s): all of them open" in verified.stdout
    assert f"removed {old}" in verified.stdout
    assert list(json.loads((data / "keys" / "kek.json").read_text())["keys"]) == [
        runtime.vault.kms_key_id
    ]
    assert len(await victim.send()) == 1
    await victim.execute("UPDATE environment_secrets SET encrypted_value = x'00' WHERE key='TOKEN'")
    verified = _secrets(data, "verify", "--prune")
    assert verified.returncode == 1
    assert "library      TOKEN" in verified.stdout
    assert VALUE not in verified.stdout + verified.stderr


def test_without_a_board_or_a_key_service_it_says_so(tmp_path: Path) -> None:
    done = _secrets(tmp_path, "verify")
    assert (done.returncode, done.stderr.startswith("error: there is no board in DATA=")) == (
        1,
        True,
    )
    done = _secrets(tmp_path, "verify", KMS="gcp:key")
    assert done.stderr.startswith("error: KMS=gcp:key is not a key service")


def test_the_table_names_and_shows_no_value() -> None:
    finding = Finding(new_id(), "library", "", "the list is gone")
    lines = table(Verification(1, 2, (finding,)))
    assert lines[0].split() == ["ENVIRONMENT", "SECRET", "PROBLEM"]
    assert lines[-1] == "2 secret(s) of 1 environment(s): 1 problem(s)"
