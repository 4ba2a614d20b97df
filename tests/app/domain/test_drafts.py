from dataclasses import replace
from typing import Any

import pytest

from openviber_app.domain.draft_values import SecretChange, VariableDraft
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType, SetupMode, checked
from openviber_app.domain.errors import InvalidInputError
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import SecretPurpose

GITHUB = EnvironmentDraft(
    name="Requests", type=EnvironmentType.GITHUB, repo_url="https://github.com/psf/requests"
)
LOCAL = EnvironmentDraft(name="Here", type=EnvironmentType.LOCAL, local_path="/srv/project")
MANUAL = EnvironmentDraft(name="Scratch", type=EnvironmentType.MANUAL)


def _pointers(draft: EnvironmentDraft, **more: Any) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        checked(draft, **more)
    return [problem.pointer for problem in caught.value.problems]


@pytest.mark.parametrize("draft", [GITHUB, LOCAL, MANUAL], ids=lambda draft: draft.type)
def test_each_type_needs_only_its_own_fields(draft: EnvironmentDraft) -> None:
    assert checked(draft).type == draft.type


@pytest.mark.parametrize(
    ("draft", "pointers"),
    [
        (replace(GITHUB, repo_url=""), ["/repoUrl"]),
        (replace(GITHUB, local_path="/x"), ["/localPath"]),
        (replace(LOCAL, local_path=""), ["/localPath"]),
        (replace(LOCAL, repo_url="https://github.com/a/b"), ["/repoUrl"]),
        (replace(MANUAL, repo_branch="main"), ["/repoBranch"]),
        (replace(MANUAL, local_path="/x"), ["/localPath"]),
    ],
)
def test_a_type_refuses_what_it_lacks_or_does_not_have(
    draft: EnvironmentDraft, pointers: list[str]
) -> None:
    assert _pointers(draft) == pointers


def test_a_pasted_branch_page_fills_org_name_and_branch() -> None:
    pasted = replace(GITHUB, repo_url="github.com/psf/requests/tree/dev")
    stored = checked(pasted)
    assert stored.repo_url == "https://github.com/psf/requests"
    assert (stored.repo_org, stored.repo_name, stored.repo_branch) == ("psf", "requests", "dev")
    assert checked(replace(pasted, repo_branch="main")).repo_branch == "main"


def test_org_and_name_alone_mean_github() -> None:
    stored = checked(replace(GITHUB, repo_url="", repo_org="psf", repo_name="requests"))
    assert stored.repo_url == "https://github.com/psf/requests"


def test_what_is_stored_can_be_saved_again_unchanged() -> None:
    for draft in (GITHUB, LOCAL, MANUAL):
        once = checked(draft)
        assert checked(once) == once


def test_plain_http_needs_a_named_host() -> None:
    draft = replace(GITHUB, repo_url="http://127.0.0.1:8080/x.git")
    assert _pointers(draft) == ["/repoUrl"]
    assert checked(draft, named_hosts=("127.0.0.1:8080",)).repo_name == "x"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": "  "}, "/name"),
        ({"name": "a\tb"}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"description": "x" * 4097}, "/description"),
        ({"description": "a\0b"}, "/description"),
        ({"repo_branch": "--upload-pack=id"}, "/repoBranch"),
        ({"repo_branch": "a..b"}, "/repoBranch"),
        ({"working_dir": "/etc"}, "/workingDir"),
        ({"working_dir": "../x"}, "/workingDir"),
        ({"working_dir": "a/../../x"}, "/workingDir"),
        ({"working_dir": "~/x"}, "/workingDir"),
        ({"working_dir": "a\nb"}, "/workingDir"),
        ({"container_image": "-v /:/host python"}, "/containerImage"),
        ({"container_image": "a b"}, "/containerImage"),
        ({"setup_mode": SetupMode.MANUAL}, "/setupScript"),
        ({"setup_script": "a\0b"}, "/setupScript"),
        ({"setup_script": "x" * 65537}, "/setupScript"),
        ({"maintenance_script": "\ud800"}, "/maintenanceScript"),
        ({"check_command": "x" * 9000}, "/checkCommand"),
        ({"time_limit_seconds": 0}, "/timeLimitSeconds"),
        ({"time_limit_seconds": 86401}, "/timeLimitSeconds"),
        ({"author_name": "Ada <ada>"}, "/authorName"),
        ({"author_email": "not an address"}, "/authorEmail"),
        ({"metadata": {"a": "x" * 17000}}, "/metadata"),
        ({"metadata": {"a": float("nan")}}, "/metadata"),
        ({"metadata": {"a": "\ud800"}}, "/metadata"),
        ({"variables": (VariableDraft("a b", ""),)}, "/variables/0/key"),
        ({"secrets": (SecretChange(key="A", value=Secret("abc")),)}, "/secrets/0/value"),
    ],
)
def test_what_is_wrong_has_a_pointer(changes: dict[str, Any], pointer: str) -> None:
    assert _pointers(replace(GITHUB, **changes)) == [pointer]


@pytest.mark.parametrize("path", ["project", "~/project", "/", "/a/../b", "C:\\x", "/a\nb", ""])
def test_a_local_path_is_one_whole_path(path: str) -> None:
    assert _pointers(replace(LOCAL, local_path=path)) == ["/localPath"]


def test_paths_are_stored_in_their_shortest_form() -> None:
    assert checked(replace(GITHUB, working_dir="./a//b/")).working_dir == "a/b"
    assert checked(replace(GITHUB, working_dir=".")).working_dir == ""
    assert checked(replace(LOCAL, local_path="/srv//project/")).local_path == "/srv/project"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    draft = replace(
        GITHUB,
        name="",
        repo_url="ftp://x",
        working_dir="/x",
        time_limit_seconds=-1,
        variables=(VariableDraft("A", ""), VariableDraft("A", "")),
    )
    assert _pointers(draft) == [
        "/name", "/repoUrl", "/workingDir", "/timeLimitSeconds", "/variables/1/key",
    ]  # fmt: skip


def test_scripts_and_variables_must_fit_one_frame_together() -> None:
    draft = replace(
        GITHUB,
        setup_script="x" * 60_000,
        variables=(VariableDraft("A", "y" * 40_000),),
    )
    assert _pointers(draft) == [""]
    assert checked(replace(draft, variables=()))


def test_an_existing_secret_needs_no_value() -> None:
    draft = replace(GITHUB, secrets=(SecretChange(key="TOKEN"),))
    assert _pointers(draft) == ["/secrets/0/value"]
    assert checked(draft, existing={"TOKEN": SecretPurpose.VARIABLE})


def test_a_draft_shows_no_secret() -> None:
    draft = replace(GITHUB, secrets=(SecretChange(key="TOKEN", value=Secret("hunter2-x")),))
    assert "hunter2" not in repr(draft)
