from pathlib import Path

import pytest

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.bundle import GitCredential
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.submodules import Submodule, fetch_submodules, list_submodules
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment, prepare


def test_what_gitmodules_names_is_read(tmp_path: Path) -> None:
    (tmp_path / ".gitmodules").write_text(
        '[submodule "a.b/c"]\n\tpath = lib c\n\turl = ../c.git\n\tupdate = !touch x\n'
        '[submodule "half"]\n\tpath = half\n[include]\n\tpath = /etc/passwd\n'
    )

    assert list_submodules(Git(), tmp_path) == [Submodule("a.b/c", "lib c", "../c.git")]
    assert list_submodules(Git(), tmp_path / "nothing") == []


def test_nested_submodules_come_too(home: Path, server: GitServer) -> None:
    for name, inner in (("leaf", None), ("middle", "leaf"), ("top", "middle")):
        server.create_repo(name, {"name.txt": f"{name}\n"})
        if inner:
            work = server.root / f".work-{name}"
            run_git(
                "-c",
                "protocol.allow=always",
                "submodule",
                "add",
                "-q",
                f"../{inner}.git",
                inner,
                cwd=work,
            )
            server.commit(name, {"more": "1\n"}, "Add a submodule")

    environment = Environment(home, server.url("top"), (server.host,), spec={"submodules": True})
    end = prepare(environment)

    root = Path(end.final.resolved_working_dir)
    assert end.final.status == "ready", end.log
    assert (root / "middle" / "leaf" / "name.txt").read_text() == "leaf\n"


def test_the_credential_goes_only_to_the_host_it_was_given_for(home: Path, tmp_path: Path) -> None:
    token = "tok-0123456789abcdef"
    with (
        GitServer(tmp_path / "one", token=token) as one,
        GitServer(tmp_path / "two", token=token) as two,
    ):
        two.create_repo("lib", {"a": "1\n"})
        one.create_repo(
            "demo", {".gitmodules": f'[submodule "lib"]\n\tpath = lib\n\turl = {two.url("lib")}\n'}
        )
        work = one.root / ".work-demo"
        commit = run_git("rev-parse", "refs/heads/main", cwd=two.path("lib"))
        run_git("update-index", "--add", "--cacheinfo", f"160000,{commit},lib", cwd=work)
        run_git("commit", "-qm", "Add a submodule", cwd=work)
        run_git("push", "-q", "origin", "main", cwd=work)
        environment = Environment(
            home, one.url("demo"), (one.host, two.host), spec={"submodules": True},
            git=GitCredential("token", Secret(token)),
        )  # fmt: skip
        end = prepare(environment)

    assert end.final.status == "error"
    assert f"{two.host} wants to know who asks" in end.final.message


def test_a_nest_without_an_end_is_left(home: Path, tmp_path: Path) -> None:
    (tmp_path / ".gitmodules").write_text('[submodule "a"]\n\tpath = a\n\turl = https://h/a\n')
    environment = Environment(home, "https://h/x")
    payload = environment.prepare()
    with environment.execution(payload), pytest.raises(WorkspaceError, match="nested deeper"):
        fetch_submodules(Git(), None, tmp_path, depth=5)  # pyright: ignore[reportArgumentType]
