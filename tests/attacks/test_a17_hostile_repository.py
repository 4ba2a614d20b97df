"""A17: the repository itself attacks the node that checks it out."""

import os
from pathlib import Path

import pytest

from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Ended, Environment, prepare

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A node whose user has a git configuration that would run what a repository names."""
    proof, user = tmp_path / "ran", tmp_path / "user"
    (user / "hooks").mkdir(parents=True)
    hook = user / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {proof}-hook\n")
    hook.chmod(0o755)
    (user / ".gitconfig").write_text(
        f'[filter "evil"]\n smudge = touch {proof}-filter; cat\n required = true\n'
        f'[filter "lfs"]\n smudge = touch {proof}-lfs; cat\n process = touch {proof}-lfs\n'
        f"[core]\n hooksPath = {user}/hooks\n fsmonitor = touch {proof}-fsmonitor\n"
        "[submodule]\n recurse = true\n[protocol]\n allow = always\n"
    )
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(user))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(user / ".gitconfig"))
    monkeypatch.setenv("GIT_SSH_COMMAND", f"touch {proof}-ssh")
    made = tmp_path / "home"
    made.mkdir(mode=0o700)
    return made


def check_out(home: Path, git: GitServer, name: str, **spec: object) -> Ended:
    return prepare(Environment(home, git.url(name), (git.host,), spec=dict(spec)))


def ran(home: Path) -> list[str]:
    return [file.name for file in home.parent.glob("ran*")]


def test_filters_hooks_and_monitors_do_not_run(home: Path, git: GitServer) -> None:
    attributes = "*.txt filter=evil\n*.bin filter=lfs diff=lfs merge=lfs -text\n"
    git.create_repo(
        "filters",
        {
            ".gitattributes": attributes,
            "a.txt": "1\n",
            "b.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:1/\n",
            ".gitconfig": "[core]\n\tfsmonitor = touch /tmp/never\n",
            "hooks/post-checkout": "#!/bin/sh\ntouch /tmp/never\n",
        },
    )
    end = check_out(home, git, "filters")
    assert end.final.status != "error", end.log
    assert (Path(end.final.resolved_working_dir) / "a.txt").read_text() == "1\n"
    assert ran(home) == []


@pytest.mark.parametrize(
    "url", ["file:///etc", "-u./x", "ext::sh -c touch% ran", "../../../x", "."]
)
@pytest.mark.parametrize("asked", [False, True])
def test_submodules_lead_nowhere(home: Path, git: GitServer, url: str, *, asked: bool) -> None:
    name = f"sub-{abs(hash((url, asked)))}"
    git.create_repo(
        name,
        {".gitmodules": f'[submodule "s"]\n\tpath = s\n\turl = {url}\n\tupdate = !touch ran\n'},
    )
    work = git.root / f".work-{name}"
    head = run_git("rev-parse", "HEAD", cwd=work)
    run_git("update-index", "--add", "--cacheinfo", f"160000,{head},s", cwd=work)
    run_git("commit", "-qm", "submodule", cwd=work)
    run_git("push", "-q", "origin", "HEAD:refs/heads/main", cwd=work)
    end = check_out(home, git, name, submodules=asked)
    folder = Path(end.final.resolved_working_dir or home)
    assert not list((folder / "s").glob("*")) or end.final.status == "error"
    assert not (folder / "passwd").exists()
    assert ran(home) == []
    assert not (folder / "ran").exists()


def test_links_and_folders_named_git_write_nothing_outside(home: Path, git: GitServer) -> None:
    outside = home.parent / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept\n")
    git.create_repo("links", {"a": "1\n"})
    work = git.root / ".work-links"
    (work / "d").symlink_to(outside)
    run_git("add", "-A", cwd=work)
    run_git("commit", "-qm", "a link", cwd=work)
    run_git("push", "-q", "origin", "HEAD:refs/heads/main", cwd=work)
    assert check_out(home, git, "links").final.status != "error"
    (work / "d").unlink()
    git.commit("links", {"d/kept.txt": "changed\n", "d/new.txt": "new\n"}, "a folder in its place")
    assert check_out(home, git, "links").final.status != "error"
    assert {file.name: file.read_text() for file in outside.iterdir()} == {"kept.txt": "kept\n"}


@pytest.mark.parametrize("name", [".git", ".GIT", "git~1", ".g\u200cit"])
def test_a_tree_with_a_git_folder_in_it_plants_no_configuration(
    home: Path, git: GitServer, name: str
) -> None:
    proof = home.parent / "ran-planted"
    repo = f"planted-{os.urandom(4).hex()}"
    git.create_repo(repo, {"a": "1\n"})
    bare = git.path(repo)
    config = f"[core]\n\tfsmonitor = touch {proof}\n\tsshCommand = touch {proof}\n"
    blob = run_git("hash-object", "-w", "--stdin", cwd=bare, stdin=config.encode())
    inner = _tree(bare, b"100644 config", blob)
    outer = _tree(bare, b"40000 " + name.encode(), inner)
    commit = run_git("commit-tree", outer, "-m", "x", cwd=bare)
    run_git("update-ref", "refs/heads/main", commit, cwd=bare)
    end = check_out(home, git, repo)
    if end.final.status != "error":
        folder = Path(end.final.resolved_working_dir)
        assert (folder / ".git").is_file()  # a worktree's own pointer, not the planted folder
    assert ran(home) == []


def _tree(bare: Path, entry: bytes, object_id: str) -> str:
    """Write a tree object that git itself would refuse to write."""
    content = entry + b"\0" + bytes.fromhex(object_id)
    return run_git(
        "hash-object", "-w", "-t", "tree", "--literally", "--stdin", cwd=bare, stdin=content
    )
