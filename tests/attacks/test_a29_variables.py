"""A29: a variable makes programs load other code, or breaks what holds it."""

import pytest

from tests.support.board_process import BoardProcess
from tests.support.machine import Machine
from tests.support.raw_wire import ask
from tests.support.rest import RefusedError, Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

STEERING = [
    *("LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "GCONV_PATH"),
    *("PATH", "HOME", "IFS", "ENV", "BASH_ENV", "SHELLOPTS", "PROMPT_COMMAND", "PS4"),
    *("BASH_FUNC_ls%%", "GIT_SSH_COMMAND", "GIT_SSH", "GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL"),
    *("GIT_CONFIG_COUNT", "GIT_PROXY_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS", "SSH_AUTH_SOCK"),
    *("PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB"),
    *("VIBER_ATTEMPT", "VIBER_VOLUME", "OPENVIBER_HOME"),
]
BROKEN = ["", "A=B", "A B", "A\nB", "A\0B", "1A", "A-B", "Ä", "A" * 256, "A\u200b", "${A}", "A\r"]
VALUES = ["a\0b", "x" * (64 * 1024 + 1), "\ud800"]


@pytest.mark.parametrize("kind", ["variables", "secrets"])
def test_no_variable_and_no_secret_has_such_a_name_or_value(rest: Rest, kind: str) -> None:
    tries = [(name, "some-value") for name in (*STEERING, *BROKEN)]
    tries += [("FINE", value) for value in VALUES]
    for key, value in tries:
        with pytest.raises(RefusedError) as refused:
            rest.environment("planted", **{kind: [{"key": key, "value": value}]})
        assert refused.value.status in {400, 413, 422}, (key, value[:10])
    named = rest.get("/api/environments")["environments"]
    assert "planted" not in [made["name"] for made in named]


def test_a_value_of_a_megabyte_is_not_even_read(board: BoardProcess, rest: Rest) -> None:
    body = b'{"name":"planted","type":"manual","variables":[{"key":"A","value":"%s"}]}'
    headers = {"Authorization": f"Bearer {rest.token}", "Content-Type": "application/json"}
    answer = ask(board.url, "POST", "/api/environments", headers, body % (b"x" * 1024 * 1024))
    assert b" 413 " in answer[:20]


class Steered(Machine):
    """A machine whose daemon was started with things in its environment."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "CANARY_OF_THE_DAEMON": "canary-of-the-daemon",
            "BASH_ENV": str(self.user_home / "bash-env"),
            "GIT_SSH_COMMAND": "canary-of-the-daemon",
            "PYTHONSTARTUP": str(self.user_home / "startup.py"),
        }


def test_a_script_gets_nothing_of_the_daemons_own_environment(
    rest: Rest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("steered")
    steered = Steered(folder)
    (steered.user_home / "bash-env").write_text("echo canary-of-the-daemon\n")
    steered.onboard(rest)
    steered.start()
    try:
        made = rest.environment("bare", setupMode="manual", setupScript="git init -q .; env")
        prepare = rest.prepared(rest.map(made, steered.id)["id"])
        log = rest.log("prepares", prepare["id"])
        assert prepare["status"] == "succeeded", log
        run = rest.do(rest.thread(made), "env; bash -c env; cat /proc/self/environ")
        log += rest.log("runs", run["id"])
    finally:
        steered.end()
    assert b"VIBER_ATTEMPT=" in log
    for leaked in (b"canary-of-the-daemon", b"BASH_ENV", b"PYTHONSTARTUP", b"OPENVIBER_"):
        assert leaked not in log
