import os
import subprocess
import uuid
from pathlib import Path

import pytest

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.bundle import GitCredential
from openviber_daemon.workspace.slots import Slots, SlotState
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment, claimed, client_variables, prepare

TOKEN = "tok-9f8e7d6c5b4a3210"


def test_an_unreachable_repository_is_said_in_plain_words_and_in_gits(home: Path) -> None:
    environment = Environment(home, "http://127.0.0.1:9/demo.git", ("127.0.0.1:9",))

    end = prepare(environment)

    assert end.final.status == "error"
    assert end.phases() == {"resolve": "done", "fetch": "failed"}
    assert "this node cannot reach 127.0.0.1:9" in end.final.message
    assert "(git: fatal: unable to access" in end.final.message
    assert not list((home / "mirrors").glob("*"))


def test_a_name_that_nobody_knows_is_said_plainly(home: Path) -> None:
    environment = Environment(home, "https://nothing.invalid/demo.git")

    end = prepare(environment)

    assert "this node cannot find nothing.invalid" in end.final.message


def test_a_wrong_branch_lists_the_close_ones(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    server.commit("demo", {"b": "1\n"}, "b", branch="feature/login")
    server.commit("demo", {"b": "1\n"}, "b", branch="release")
    environment = Environment(home, url, (server.host,), spec={"repoBranch": "feature/logni"})

    end = prepare(environment)

    assert end.final.message == (
        "there is no branch `feature/logni` in the repository; close to it: `feature/login`"
    )


def test_a_named_branch_is_checked_out(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    commit = server.commit("demo", {"b": "1\n"}, "b", branch="release")
    environment = Environment(home, url, (server.host,), spec={"repoBranch": "release"})

    end = prepare(environment)

    assert end.final.fingerprint["commit"] == commit
    assert (Path(end.final.resolved_working_dir) / "b").exists()


def test_a_repository_without_a_commit_is_said_plainly(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    run_git("update-ref", "-d", "refs/heads/main", cwd=server.path("demo"))
    environment = Environment(home, url, (server.host,))

    end = prepare(environment)

    assert "no default branch, perhaps no commit at all" in end.final.message


def test_a_private_repository_without_a_credential_says_what_it_needs(
    home: Path, tmp_path: Path
) -> None:
    with GitServer(tmp_path / "private", token=TOKEN) as server:
        url = server.create_repo("demo", {"a": "1\n"})
        environment = Environment(home, url, (server.host,))
        end = prepare(environment)

    assert end.final.status == "error"
    assert "this repository needs a token or a deploy key" in end.final.message
    assert "fatal: could not read Username" in end.final.message
    assert "terminal prompts disabled" in end.log


def test_a_private_repository_opens_with_its_token_which_is_nowhere_on_disk(
    home: Path, tmp_path: Path
) -> None:
    with GitServer(tmp_path / "private", token=TOKEN) as server:
        url = server.create_repo("demo", {"a": "1\n"})
        environment = Environment(
            home, url, (server.host,), git=GitCredential("token", Secret(TOKEN)),
            setup={"script": "env; git config --list"},
        )  # fmt: skip
        end = prepare(environment)

    assert end.final.status == "ready", end.final.message
    found = subprocess.run(["grep", "-rl", TOKEN, str(home)], capture_output=True, check=False)
    assert found.stdout == b""
    assert TOKEN not in end.final.model_dump_json()


def test_a_wrong_token_is_refused_in_plain_words(home: Path, tmp_path: Path) -> None:
    with GitServer(tmp_path / "private", token=TOKEN) as server:
        url = server.create_repo("demo", {"a": "1\n"})
        wrong = GitCredential("token", Secret("not-the-token-at-all"))
        end = prepare(Environment(home, url, (server.host,), git=wrong))

    assert "the one that is stored was refused" in end.final.message
    assert "not-the-token" not in end.log + end.final.message


def test_a_host_that_sends_git_elsewhere_is_not_followed(
    home: Path, server: GitServer, tmp_path: Path
) -> None:
    with GitServer(tmp_path / "other") as other:
        other.create_repo("demo", {"a": "1\n"})
        server.redirect_to = f"http://{other.host}"
        url = server.url("demo")
        end = prepare(Environment(home, url, (server.host,)))
        seen = list(other.hits)

    assert end.final.status == "error"
    assert "sends git on to another address" in end.final.message
    assert seen == []


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c 'touch /tmp/ov-pwned'",
        "--upload-pack=touch /tmp/ov-pwned",
        "fd::17/foo",
        "file:///etc",
        "/etc",
        "https://user:secret-pass@github.com/a/b",
        "http://github.com/a/b",
        "ssh://-oProxyCommand=touch${IFS}/tmp/ov-pwned/x",
        "git@-oProxyCommand=x:a/b",
        "https://github.com/a\nb",
    ],
)
def test_an_address_that_would_do_harm_is_refused_before_git_sees_it(home: Path, url: str) -> None:
    end = prepare(Environment(home, url))

    assert end.final.status == "error"
    assert end.final.reason == "refused"
    assert end.phases() == {"resolve": "failed"}
    assert "secret-pass" not in end.final.message
    assert not Path("/tmp/ov-pwned").exists()


@pytest.mark.parametrize("branch", ["--upload-pack=x", "-b", "a..b", "a b", "x.lock", "a^", "@{1}"])
def test_a_branch_that_is_none_is_refused(home: Path, server: GitServer, branch: str) -> None:
    url = server.create_repo("demo", {"a": "1\n"})

    end = prepare(Environment(home, url, (server.host,), spec={"repoBranch": branch}))

    assert end.final.reason == "refused"
    assert "is no name for a branch" in end.final.message


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_a_private_address_that_nobody_named_is_refused(home: Path, host: str) -> None:
    end = prepare(Environment(home, f"https://{host}:9/a/b.git"))

    assert end.final.reason == "refused"
    assert "leads to the private address" in end.final.message


def test_submodules_come_only_when_asked_for(home: Path, server: GitServer) -> None:
    inner = server.create_repo("inner", {"in.txt": "inner\n"})
    server.create_repo("outer", {"a": "1\n"})
    work = server.root / ".work-outer"
    run_git(
        "-c", "protocol.allow=always", "submodule", "add", "-q", "../inner.git", "lib", cwd=work
    )
    url = server.url("outer")
    server.commit("outer", {"b": "1\n"}, "Add a submodule")
    assert inner.endswith("/inner.git")

    plain = prepare(Environment(home, url, (server.host,)))
    asked = prepare(Environment(home, url, (server.host,), spec={"submodules": True}))

    assert not (Path(plain.final.resolved_working_dir) / "lib" / "in.txt").exists()
    assert asked.final.status == "ready", asked.final.message
    assert (Path(asked.final.resolved_working_dir) / "lib" / "in.txt").read_text() == "inner\n"


def test_a_submodule_of_a_forbidden_host_is_refused(home: Path, server: GitServer) -> None:
    url = server.create_repo(
        "outer",
        {".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::sh\n', "a": "1\n"},
    )

    end = prepare(Environment(home, url, (server.host,), spec={"submodules": True}))

    assert end.final.reason == "refused"
    assert "the submodule x: `ext::` would run a program" in end.final.message
    assert not list(home.glob("workspaces/*/1"))


def test_a_full_disk_leaves_no_partial_copy_and_a_retry_works(
    home: Path, server: GitServer, tmp_path: Path
) -> None:
    url = server.create_repo("demo", {"big": os.urandom(3_000_000), "a": "1\n"})
    mirrors = home / "mirrors"
    mirrors.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mirrors)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mount.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mount.stderr.decode()}")
    environment = Environment(home, url, (server.host,))
    try:
        end = prepare(environment)
        left = list(mirrors.iterdir())
    finally:
        subprocess.run(["umount", str(mirrors)], check=True)

    assert "the node's disk is full" in end.final.message
    assert left == []
    assert prepare(environment).final.status == "ready"


def test_a_prepare_while_all_workspaces_are_claimed_fills_a_new_one(
    home: Path, server: GitServer
) -> None:
    environment = Environment(home, server.create_repo("demo", {"a": "1\n"}), (server.host,))
    prepare(environment)
    with claimed(environment, str(uuid.uuid4())):
        end = prepare(environment)

    assert not end.final.noop
    assert end.final.slots is not None
    assert (end.final.slots.ready, end.final.slots.claimed) == (1, 1)


def test_outdated_spares_go_when_the_environment_changed(home: Path, server: GitServer) -> None:
    environment = Environment(home, server.create_repo("demo", {"a": "1\n"}), (server.host,))
    prepare(environment)
    with claimed(environment, str(uuid.uuid4())):
        pass
    prepare(environment, kind="spare")
    environment.setup = {"script": "echo new"}

    prepare(environment)

    states = [slot.state for slot in Slots(home).list_of_binding(environment.binding_id)]
    assert sorted(states) == [SlotState.CLAIMED, SlotState.READY]


def test_an_editable_install_in_a_workspace_tests_that_workspaces_own_code(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo(
        "lib",
        {
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n'
            'build-backend = "setuptools.build_meta"\n[project]\nname = "ovlib"\nversion = "1"\n'
            '[tool.setuptools]\npackages = ["ovlib"]\n',
            "ovlib/__init__.py": "ANSWER = 1\n",
        },
    )
    environment = Environment(
        home, url, (server.host,), spec={"variables": client_variables()}, setup={"mode": "auto"}
    )
    ask = [".venv/bin/python", "-c", "import ovlib; print(ovlib.ANSWER, ovlib.__file__)"]
    first = prepare(environment)
    assert first.final.status == "ready", first.log
    with claimed(environment, str(uuid.uuid4())) as one:
        second = prepare(environment, kind="spare")
        assert second.final.status == "ready", second.log
        with claimed(environment, str(uuid.uuid4())) as two:
            (two.path / "ovlib" / "__init__.py").write_text("ANSWER = 2\n")
            answers = [
                subprocess.run(ask, cwd=w.path, capture_output=True, check=True, text=True).stdout
                for w in (one, two)
            ]

    assert answers == [
        f"1 {one.path}/ovlib/__init__.py\n",
        f"2 {two.path}/ovlib/__init__.py\n",
    ]
