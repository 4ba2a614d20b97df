import pytest

from openviber_daemon.workspace.git_words import explain, own_words


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            "fatal: could not read Username for 'https://h': terminal prompts disabled",
            "needs a token or a deploy key",
        ),
        (
            "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.",
            "needs a token",
        ),
        (
            "@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\nHost key verification failed.",
            "somebody may be in between",
        ),
        ("Host key verification failed.", "is not among the known hosts"),
        ("fatal: unable to access 'x': Could not resolve host: h", "cannot find h"),
        ("fatal: unable to access 'x': Failed to connect to h port 443", "cannot reach h"),
        (
            "fatal: unable to access 'x': The requested URL returned error: 404",
            "no such repository",
        ),
        (
            "fatal: unable to access 'x': The requested URL returned error: 302",
            "sends git on to another address",
        ),
        ("fatal: unable to access 'x': Operation too slow. Less than 1000 bytes/sec", "too slow"),
        ("fatal: write error: No space left on device", "disk is full"),
        ("fatal: detected dubious ownership in repository", "belongs to another user"),
        ("fatal: transport 'file' not allowed", "not allowed here"),
        ('Load key "/proc/1/fd/3": error in libcrypto', "the deploy key cannot be read"),
    ],
)
def test_gits_words_become_a_sentence_with_what_to_do(output: str, words: str) -> None:
    told = explain(output, where="h", doing="fetch")

    assert words in told
    assert "(git: " in told


def test_what_is_not_known_is_told_in_gits_own_words() -> None:
    assert explain("fatal: odd thing\n", where="h", doing="fetch it") == (
        "git could not fetch it (git: fatal: odd thing)"
    )
    assert explain("", where="", doing="fetch it") == "git could not fetch it"


def test_progress_is_not_what_git_says() -> None:
    output = "Receiving objects:  50% (1/2)\rReceiving objects: 100% (2/2)\nfatal: early EOF\n"

    assert own_words(output) == "fatal: early EOF"
