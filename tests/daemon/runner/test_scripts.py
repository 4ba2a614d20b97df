"""Scripts as commands, and which command of a strict one failed."""

import os
import subprocess

import pytest

from openviber_daemon.runner.scripts import BashScript


def run(script: str, *, strict: bool = True) -> tuple[subprocess.CompletedProcess[bytes], str]:
    with BashScript(script, strict=strict) as bash:
        done = subprocess.run(
            bash.argv,
            pass_fds=bash.pass_fds,
            env={"PATH": os.defpath},
            capture_output=True,
            check=False,
        )
        return done, bash.find_failing_command(done.returncode)


@pytest.mark.parametrize(
    ("script", "code", "failing"),
    [
        ("true\nls /no/such/place\necho no", 2, "ls /no/such/place"),
        ("f() {\n  echo in f\n  grep x /dev/null\n}\nf\n", 1, "grep x /dev/null"),
        ("echo a | grep b | cat\n", 1, "echo a | grep b | cat"),
        ("echo one\n\nfalse | true  # why\n", 1, "false | true  # why"),
        ("no-such-tool --flag 'x y'", 127, "no-such-tool --flag 'x y'"),
        ("( true; exit 4 )", 4, "( true; exit 4 )"),
        ("x=$(ls /no/such/place)", 2, "x=$(ls /no/such/place)"),
        ("true\nexit 3", 3, "exit 3"),
        ("false || exit 9", 9, "exit 9"),
        ("set -u\necho $not_there", 1, "echo $not_there"),
        (
            "x=$(false; echo fine)\nif false; then :; fi\nfalse || true\ncat /no/file",
            1,
            "cat /no/file",
        ),
        ("trap - ERR EXIT\nfalse", 1, ""),
        ("true\nif then", 2, ""),
        ("kill -9 $$", -9, ""),
    ],
)
def test_a_strict_script_tells_its_failing_command(script: str, code: int, failing: str) -> None:
    done, told = run(script)

    assert done.returncode == code
    assert told == failing
    assert b"echo no" not in done.stdout


def test_a_strict_script_that_works_has_no_failing_command() -> None:
    done, told = run("false || true\n! true\nif ! grep -q x /dev/null; then echo fine; fi")

    assert (done.returncode, done.stdout, told) == (0, b"fine\n", "")


def test_a_script_that_is_not_strict_goes_on_after_a_failure() -> None:
    done, told = run("false\nfalse | true\necho on\nexit 5", strict=False)

    assert (done.returncode, done.stdout, told) == (5, b"on\n", "")


def test_bash_counts_the_lines_of_the_users_script() -> None:
    done, _ = run("#!/bin/bash\n\nno-such-tool")

    assert b"line 3: no-such-tool" in done.stderr


def test_the_script_is_neither_on_the_command_line_nor_open_in_what_it_starts() -> None:
    done, _ = run("cat /proc/$$/cmdline; ls -l /proc/self/fd; # a-word-of-the-script", strict=False)

    assert b"a-word-of-the-script" not in done.stdout
    assert b"memfd:script" not in done.stdout


def test_a_script_of_a_megabyte_with_any_character_works() -> None:
    done, _ = run("# " + "é" * 1_000_000 + "\necho 'done ünïcödé'")

    assert done.stdout.decode() == "done ünïcödé\n"


def test_a_function_of_the_script_and_a_here_document_work() -> None:
    done, _ = run("f() { cat; }\nf <<'END'\nline $HOME\nEND\n[ -t 0 ] || echo fine")

    assert done.stdout == b"line $HOME\nfine\n"
