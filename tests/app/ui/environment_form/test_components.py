"""The form's own rules, run as JavaScript; the page itself is in tests/browser."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openviber_app.api.environment_payloads import EnvironmentIn
from openviber_app.domain.drafts import EnvironmentType
from openviber_app.ui.environment_form import components

FOLDER = Path(components.__file__).parent
BUN = Path(sys.executable).with_name("bun")


def run(tmp_path: Path, module: str, expression: str) -> Any:
    """Return what an expression gives, with a module's names as `m`."""
    file = tmp_path / "probe.mjs"
    lines = (
        f'import * as m from "{FOLDER / module}";',
        f"console.log(JSON.stringify({expression}));",
    )
    file.write_text("\n".join(lines))
    done = subprocess.run(
        [str(BUN), "run", str(file)], check=True, capture_output=True, text=True, timeout=50
    )
    return json.loads(done.stdout)


# ---------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://github.com/acme/api", ("https://github.com/acme/api", "acme", "api", "")),
        (" github.com/acme/api/ ", ("github.com/acme/api", "acme", "api", "")),
        ("git@github.com:acme/api.git", ("git@github.com:acme/api.git", "acme", "api", "")),
        ("ssh://git@h.io:22/a/b", ("ssh://git@h.io:22/a/b", "a", "b", "")),
        ("https://github.com/a/b/tree/f/x", ("https://github.com/a/b", "a", "b", "f/x")),
        ("https://gitlab.com/g/s/n/-/tree/m", ("https://gitlab.com/g/s/n", "g/s", "n", "m")),
        ("https://h.io/a/b?tab=readme#top", ("https://h.io/a/b", "a", "b", "")),
    ],
)
def test_an_address_is_taken_apart(tmp_path: Path, text: str, found: tuple[str, ...]) -> None:
    read = run(tmp_path, "address.js", f"m.readAddress({json.dumps(text)})")
    assert tuple(read.values()) == found


@pytest.mark.parametrize("text", ["", "api", "https://", "not an address", "acme/api"])
def test_what_is_no_address_yet_fills_nothing(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, "address.js", f"m.readAddress({json.dumps(text)})") is None


def test_organisation_and_repository_make_an_address(tmp_path: Path) -> None:
    calls = """[
      m.writeAddress("", "acme", ""), m.writeAddress("", "acme", "api"),
      m.writeAddress("git@h.io:acme/api.git", "other", "api"),
      m.writeAddress("https://h.io/acme/api", "acme", "web"), m.writeAddress("", "", ""),
    ]"""
    assert run(tmp_path, "address.js", calls) == [
        "https://github.com/acme",
        "https://github.com/acme/api",
        "git@h.io:other/api.git",
        "https://h.io/acme/web",
        "",
    ]


# --------------------------------------------------------------------------- .env files

ENV_FILE = r"""
# comment
export A=1
B = "two words"  # said
C='single $HOME # kept'
D="line one
line two"
E=plain value # cut
F=a#b
G="a\nb \"q\" \$x"
H=
not a line
A=last
"""


def test_an_env_file_is_read_as_shells_write_it(tmp_path: Path) -> None:
    read = run(tmp_path, "env_file.js", f"m.readEnvFile({json.dumps(ENV_FILE)})")
    assert {row["key"]: row["value"] for row in read["rows"]} == {
        "A": "last",
        "B": "two words",
        "C": "single $HOME # kept",
        "D": "line one\nline two",
        "E": "plain value",
        "F": "a#b",
        "G": 'a\nb "q" $x',
        "H": "",
    }
    assert read["skipped"] == 1


def test_windows_line_ends_and_an_open_quote_lose_nothing(tmp_path: Path) -> None:
    text = 'A=1\r\nB="never ends\r\nC=3'
    read = run(tmp_path, "env_file.js", f"m.readEnvFile({json.dumps(text)})")
    assert [(row["key"], row["value"]) for row in read["rows"]] == [
        ("A", "1"),
        ("B", '"never ends'),
        ("C", "3"),
    ]


@pytest.mark.parametrize(
    ("text", "is_name", "is_file"),
    [
        ("A=1", True, True),
        ("A=1", False, False),
        ("A=1\nB=2", False, True),
        ("-----BEGIN KEY-----\nQUJD==\n", False, False),
        ("some words", True, False),
    ],
)
def test_a_paste_fills_many_rows_only_when_it_is_meant_to(
    tmp_path: Path, text: str, is_name: bool, is_file: bool
) -> None:
    call = f"m.isEnvFile({json.dumps(text)}, {json.dumps(is_name)})"
    assert run(tmp_path, "env_file.js", call) is is_file


def test_names_and_values_that_look_secret(tmp_path: Path) -> None:
    names = ["STRIPE_KEY", "GITHUB_TOKEN", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "SENTRY_DSN"]
    plain = ["TZ", "CONFIG", "PYTHONUNBUFFERED", "KEYBOARD", "AUTHOR", "MONKEY_COUNT"]
    call = f"{json.dumps(names + plain)}.map((name) => m.looksSecret(name))"
    assert run(tmp_path, "env_file.js", call) == [True] * len(names) + [False] * len(plain)
    values = '["postgres://u:p@h/d", "postgres://h/d", "ghp_x"].map((v) => m.looksSecret("A", v))'
    assert run(tmp_path, "env_file.js", values) == [True, False, True]


# -------------------------------------------------------------------------------- form


def body_of(tmp_path: Path, form: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    call = f"m.bodyOf({{ ...m.EMPTY, ...{json.dumps(form)} }}, {json.dumps(values)})"
    return run(tmp_path, "form_model.js", call)


@pytest.mark.parametrize("kind", EnvironmentType)
def test_a_form_sends_what_the_api_takes_for_its_type(
    tmp_path: Path, kind: EnvironmentType
) -> None:
    form = {"name": "a", "type": kind, "repoUrl": "https://h.io/a/b", "localPath": "/srv/a"}
    body = body_of(tmp_path, form | {"minutes": "1.5"}, {})["body"]
    draft = EnvironmentIn.model_validate_json(json.dumps(body)).draft()
    assert bool(draft.repo_url) is (kind == EnvironmentType.GITHUB)
    assert bool(draft.local_path) is (kind == EnvironmentType.LOCAL)
    assert draft.time_limit_seconds == 90


def test_secrets_say_only_what_changes(tmp_path: Path) -> None:
    stored = {"purpose": "variable", "scope": "both", "stored": {"scope": "both"}}
    secrets = [
        {"id": "1", "key": "SAME", **stored},
        {"id": "2", "key": "GONE", **stored, "isDeleted": True},
        {"id": "3", "key": "MOVED", **stored, "scope": "setup"},
        {"id": "4", "key": "NEW", "purpose": "variable", "scope": "runtime"},
        {"id": "5", "key": "git.token", "purpose": "git_token", "scope": "both", "user": "ci"},
        {"id": "6", "key": "", "purpose": "variable", "scope": "both"},
        {"id": "7", "key": "LATER", "purpose": "variable", "scope": "both"},
    ]
    form = {"name": "a", "secrets": secrets}
    sent = body_of(tmp_path, form, {"4": "hunter2", "5": "t0ken"})
    assert sent["body"]["secrets"] == [
        {"key": "GONE", "purpose": "variable", "delete": True},
        {"key": "MOVED", "scope": "setup", "purpose": "variable"},
        {"key": "NEW", "scope": "runtime", "purpose": "variable", "value": "hunter2"},
        {"key": "git.token", "purpose": "git_token", "value": "ci:t0ken"},
        {"key": "LATER", "scope": "both", "purpose": "variable"},
    ]
    assert sent["rows"]["/secrets/2"] == "4"
    without = body_of(tmp_path, form, {})
    assert "hunter2" not in json.dumps(without)


def test_what_only_the_api_can_set_stays_as_it_is(tmp_path: Path) -> None:
    environment = {
        "name": "a",
        "type": "manual",
        "containerImage": "python:3.12",
        "networkAccess": False,
        "metadata": {"team": "core"},
        "timeLimitSeconds": 100,
        "variables": [{"key": "A", "value": "1"}],
        "secrets": [],
    }
    call = f"m.bodyOf(m.formOf({json.dumps(environment)})).body"
    body = run(tmp_path, "form_model.js", call)
    for name in ("containerImage", "networkAccess", "metadata", "timeLimitSeconds", "variables"):
        assert body[name] == environment[name]


def test_a_pointer_finds_its_step_and_its_field(tmp_path: Path) -> None:
    pointers = [
        *("/name", "/repoOrg", "/timeLimitSeconds", "/setupScript", "/variables/1/key"),
        *("/secrets/0/value", "/secrets", "", "/containerImage"),
    ]
    rows = {"/variables/1": "r1", "/secrets/0": "r2"}
    call = f"{json.dumps(pointers)}.map((one) => m.placeOf(one, {json.dumps(rows)}))"
    assert [tuple(place.values()) for place in run(tmp_path, "form_model.js", call)] == [
        ("basic", "name"),
        ("basic", "repoUrl"),
        ("code", "minutes"),
        ("code", "setupScript"),
        ("variables", "r1-key"),
        ("variables", "r2-value"),
        ("variables", "secrets"),
        ("validation", ""),
        ("code", "workingDir"),
    ]


def test_a_field_is_called_by_its_label_or_by_its_rows_name(tmp_path: Path) -> None:
    form = {
        "variables": [{"id": "r1", "key": "TZ"}],
        "secrets": [
            {"id": "r2", "key": "git.token", "purpose": "git_token"},
            {"id": "r3", "key": "", "purpose": "variable"},
        ],
    }
    fields = ["minutes", "r1-key", "r2-value", "r3-key", ""]
    call = f"{json.dumps(fields)}.map((field) => m.labelOf(field, {json.dumps(form)}))"
    assert run(tmp_path, "form_model.js", call) == [
        "Time limit",
        "TZ",
        "Git token",
        "A row without a name",
        "Environment",
    ]


def test_every_plain_field_of_the_api_is_on_a_step_or_kept(tmp_path: Path) -> None:
    known = {field.alias or name for name, field in EnvironmentIn.model_fields.items()}
    form = {"name": "a", "kept": {"containerImage": "", "networkAccess": True, "metadata": {}}}
    sent = set(body_of(tmp_path, form, {})["body"])
    assert known - sent == {"repoOrg", "repoName", "localPath", "version"}
    assert sent <= known


# -------------------------------------------------------------------------------- rows


def test_a_value_that_looks_secret_stays_out_of_the_form_until_one_chooses(tmp_path: Path) -> None:
    calls = """(() => {
      const empty = { id: "1", key: "API_TOKEN", value: "" };
      const [row, values] = m.withVariable(empty, {}, { value: "s3cret" });
      const [plain, none] = m.withVariable(row, values, { isPlain: true });
      const [form, kept] = m.toSecret({ variables: [row], secrets: [] }, values, row);
      return [row, values, plain.value, none, form, Object.values(kept)];
    })()"""
    row, values, plain, none, form, kept = run(tmp_path, "value_rows.js", calls)
    assert row["value"] == ""
    assert values == {"1": "s3cret"}
    assert (plain, none) == ("s3cret", {})
    assert form["variables"] == []
    assert "s3cret" not in json.dumps(form)
    assert kept == ["s3cret"]


def test_an_env_file_fills_rows_and_guards_what_looks_secret(tmp_path: Path) -> None:
    calls = """(() => {
      const old = { id: "3", key: "OLD_TOKEN", purpose: "variable", scope: "setup", stored: {} };
      const blank = { id: "2", key: "", value: "" };
      const form = { variables: [{ id: "1", key: "TZ", value: "CET" }, blank], secrets: [old] };
      const found = { TZ: "UTC", NEW: "1", DB_PASSWORD: "hunter2", OLD_TOKEN: "t0ken" };
      const rows = Object.entries(found).map(([key, value]) => ({ key, value }));
      return m.withEnvFile(form, {}, { rows, skipped: 2 });
    })()"""
    form, values, said = run(tmp_path, "value_rows.js", calls)
    assert [(row["key"], row["value"]) for row in form["variables"]] == [
        ("TZ", "UTC"),
        ("NEW", "1"),
    ]
    assert [(row["key"], row["scope"]) for row in form["secrets"]] == [
        ("OLD_TOKEN", "setup"),
        ("DB_PASSWORD", "both"),
    ]
    assert sorted(values.values()) == ["hunter2", "t0ken"]
    assert not any(secret in json.dumps(form) for secret in ("hunter2", "t0ken"))
    assert "DB_PASSWORD" in said
    assert "2 lines could not be read" in said
