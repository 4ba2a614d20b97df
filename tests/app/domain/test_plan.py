from dataclasses import replace
from typing import Any

import pytest

from openviber_app.domain.draft_values import SecretChange, VariableDraft
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType, SetupMode
from openviber_app.domain.plan import KeptSecret, plan, secrets_after, text_problems
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_daemon.environments.auto import ADVICE
from openviber_daemon.environments.phases import PHASES

GITHUB = EnvironmentDraft(
    name="checkout-api",
    type=EnvironmentType.GITHUB,
    repo_url="https://github.com/acme/checkout-api",
)
BOTH, SETUP, RUNTIME = SecretScope.BOTH, SecretScope.SETUP, SecretScope.RUNTIME
VARIABLE, TOKEN, KEY = (
    SecretPurpose.VARIABLE,
    SecretPurpose.GIT_TOKEN,
    SecretPurpose.DEPLOY_KEY,
)


def said(draft: EnvironmentDraft, *secrets: KeptSecret) -> list[str]:
    """A plan as its lines."""
    lines: list[str] = []
    for step in plan(draft, secrets):
        lines.append(f"{step.does} {step.what}")
        lines += [f"  {fact.label} {fact.text}".replace("   ", "  ") for fact in step.facts]
    return lines


def drafts() -> list[EnvironmentDraft]:
    """One of each type and mode."""
    return [
        replace(GITHUB, type=kind, setup_mode=mode, setup_script="make")
        for kind in EnvironmentType
        for mode in SetupMode
    ]


@pytest.mark.parametrize("draft", drafts(), ids=lambda d: f"{d.type}-{d.setup_mode}")
def test_the_steps_stand_in_the_order_of_the_nodes_phases(draft: EnvironmentDraft) -> None:
    phases = [step.phase for step in plan(replace(draft, persist_volume=True), []) if step.phase]
    assert phases == [phase for phase in PHASES if phase in phases]
    assert phases[-3:] == ["inject", "setup", "check"]


def test_a_repository_with_a_script_reads_like_this() -> None:
    draft = replace(
        GITHUB,
        repo_branch="main",
        setup_mode=SetupMode.MANUAL,
        setup_script="set -u\nuv sync --frozen\n\n",
        check_command="pytest -q\n",
        working_dir="backend",
        persist_volume=True,
        variables=(VariableDraft("CONFIG", "x"), VariableDraft("TZ", "UTC")),
    )
    assert said(
        draft, KeptSecret("STRIPE_KEY", VARIABLE, BOTH), KeptSecret("DEPLOY", VARIABLE, RUNTIME)
    ) == [
        "clone github.com/acme/checkout-api",
        "  at main",
        "check out a workspace of its own for each thread",
        "inject 2 variables, 1 secret",
        "  CONFIG, TZ",
        "  STRIPE_KEY ••••",
        "  runs only DEPLOY ••••",
        "run the set-up script (2 lines)",
        "  in backend",
        "  until a command fails, or 20 min have passed",
        "check the working directory, a command of yours",
        "  runs pytest -q",
        "keep the volume ($VIBER_VOLUME) between prepares",
    ]


def test_auto_names_every_manager_that_the_node_knows() -> None:
    (knows,) = [line for line in said(GITHUB) if line.startswith("  knows ")]
    named = set(knows.removeprefix("  knows ").split(", "))
    tools = {"python3": "pip", "bundle": "bundler"}
    assert named == {tools.get(tool, tool) for tool in ADVICE}


@pytest.mark.parametrize(
    ("url", "first", "second"),
    [
        ("", "clone the repository (no address yet)", "  at its default branch"),
        ("not an address", "clone not an address", "  at its default branch"),
        ("github.com/a/b/tree/dev", "clone github.com/a/b", "  at dev"),
        ("git@github.com:a/b.git", "clone git@github.com:a/b.git", "  at its default branch"),
        ("http://git.local:8080/a/b", "clone git.local:8080/a/b", "  at its default branch"),
    ],
)
def test_an_address_is_shown_as_far_as_it_is_one(url: str, first: str, second: str) -> None:
    assert said(replace(GITHUB, repo_url=url))[:2] == [first, second]


@pytest.mark.parametrize(
    ("url", "purpose", "is_used"),
    [
        ("https://github.com/a/b", TOKEN, True),
        ("https://github.com/a/b", KEY, False),
        ("git@github.com:a/b", KEY, True),
        ("git@github.com:a/b", TOKEN, False),
    ],
)
def test_only_the_credential_that_git_will_use_is_named(
    url: str, purpose: SecretPurpose, is_used: bool
) -> None:
    lines = said(replace(GITHUB, repo_url=url), KeptSecret("git", purpose, BOTH))
    assert any(line.startswith("  with the ") for line in lines) is is_used
    lines = said(replace(GITHUB, repo_url=url, use_node_credentials=True))
    assert "  with the node's own git credentials" in lines


def test_a_folder_of_the_node_is_used_where_it_is() -> None:
    local = EnvironmentDraft(name="x", type=EnvironmentType.LOCAL, local_path="/srv/code")
    assert said(local)[0] == "use /srv/code"


def test_an_empty_folder_has_nothing_to_find_out() -> None:
    manual = EnvironmentDraft(name="x", type=EnvironmentType.MANUAL)
    assert said(manual) == [
        "make an empty folder",
        "inject 0 variables, 0 secrets",
        "  volume $VIBER_VOLUME, emptied first",
        "run nothing: an empty folder has no lockfiles",
        "check that the folder is there",
    ]


def test_a_maintenance_script_runs_later() -> None:
    assert "  later the maintenance script (1 line) instead" in said(
        replace(GITHUB, maintenance_script="git gc")
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(90, "90 s"), (60, "1 min"), (5400, "90 min"), (7200, "2 h")]
)
def test_a_time_limit_is_said_in_its_largest_unit(seconds: int, words: str) -> None:
    assert f"  until one takes {words}" in said(replace(GITHUB, time_limit_seconds=seconds))


def test_many_names_are_counted() -> None:
    many = tuple(VariableDraft(f"V{n}", "") for n in range(11))
    (line,) = [line for line in said(replace(GITHUB, variables=many)) if "V0" in line]
    assert line.endswith("V7 and 3 more")


def test_the_author_is_the_one_that_was_typed() -> None:
    assert "  author Ada" in said(replace(GITHUB, author_name="Ada"))
    both = replace(GITHUB, author_name="Ada", author_email="ada@example.org")
    assert "  author Ada <ada@example.org>" in said(both)


def test_secrets_after_a_save_follow_the_changes() -> None:
    before = [KeptSecret("A", VARIABLE, SETUP), KeptSecret("B", VARIABLE, BOTH)]
    changes: list[dict[str, Any]] = [
        {"key": "A", "value": Secret("new value")},
        {"key": "B", "is_deleted": True},
        {"key": "C", "scope": RUNTIME},
    ]
    after = secrets_after([SecretChange(**change) for change in changes], before)
    assert after == [KeptSecret("A", VARIABLE, SETUP), KeptSecret("C", VARIABLE, RUNTIME)]


def test_a_half_written_environment_is_fine_and_a_text_that_is_none_is_not() -> None:
    assert text_problems(EnvironmentDraft(name="", type=EnvironmentType.GITHUB)) == []
    odd = replace(GITHUB, name="half \ud800", setup_script="x" * 70_000, author_name="a\0")
    assert [p.pointer for p in text_problems(odd)] == ["/name", "/setupScript", "/authorName"]
