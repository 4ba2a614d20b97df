import pytest

from openviber_app.domain import git_answers

ONE, TWO, THREE = "1" * 40, "2" * 40, "3" * 40
ANSWER = f"""ref: refs/heads/trunk\tHEAD
{ONE}\tHEAD
{ONE}\trefs/heads/trunk
{TWO}\trefs/heads/topic/one
{THREE}\trefs/tags/v1
{TWO}\trefs/tags/v1^{{}}
{THREE}\trefs/heads/v1
"""


def test_branches_and_their_commits_are_found() -> None:
    assert git_answers.default_branch(ANSWER) == "trunk"
    assert git_answers.find_commit(ANSWER, "topic/one") == TWO
    assert git_answers.find_commit(ANSWER, "one") == ""
    assert git_answers.branches(ANSWER) == ["trunk", "topic/one", "v1"]
    assert git_answers.default_branch("") == ""


def test_a_branch_counts_before_a_tag_and_a_tag_is_followed_to_its_commit() -> None:
    assert git_answers.find_commit(ANSWER, "v1") == THREE
    tags_only = "\n".join(line for line in ANSWER.splitlines() if "heads/v1" not in line)
    assert git_answers.find_commit(tags_only, "v1") == TWO


def test_a_missing_branch_is_told_with_the_nearest_names() -> None:
    said = git_answers.no_such_branch("mian", ["main", "release", "zzz"])
    assert said == "there is no branch mian in the repository; close to it: main"
    assert "there: a, b" in git_answers.no_such_branch("xyz", ["b", "a"])
    assert "no branch at all" in git_answers.no_such_branch("main", [])


@pytest.mark.parametrize(
    ("said", "sentence", "is_about_the_way"),
    [
        ("fatal: Authentication failed for 'https://h/x'", "wants to know who asks", False),
        ("remote: Repository not found.", "no such repository", False),
        ("fatal: Could not resolve host: h", "cannot find h", True),
        ("fatal: unable to access: Connection refused", "cannot reach h", True),
        ("Host key verification failed.", "host key of h", False),
        ("fatal: something new", "could not ask", False),
    ],
)
def test_gits_words_follow_what_they_mean(said: str, sentence: str, is_about_the_way: bool) -> None:
    told, way = git_answers.explain(said, where="h", has_credential=False)
    assert sentence in told
    assert said.strip() in told
    assert way == is_about_the_way


def test_what_to_do_about_a_refusal_depends_on_what_is_stored() -> None:
    said = "fatal: Authentication failed"
    assert "was refused" in git_answers.explain(said, where="h", has_credential=True)[0]
    assert "store a token" in git_answers.explain(said, where="h", has_credential=False)[0]


def test_words_are_cut_and_secrets_hidden() -> None:
    long = "\n".join(f"fatal: {'x' * 400}" for _ in range(50))
    assert len(git_answers.own_words(long)) == git_answers.WORDS_MAX
    assert git_answers.without("a ov-token b ov", ["ov", "ov-token", ""]) == "a •••• b ••••"
