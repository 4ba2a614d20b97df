from openviber_app.domain.draft_values import (
    SECRETS_MAX,
    VARIABLES_MAX,
    SecretChange,
    VariableDraft,
    check_secrets,
    check_variables,
    with_keys,
)
from openviber_app.domain.errors import Problem
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import SecretPurpose

VARIABLE = SecretPurpose.VARIABLE


def _of_variables(*variables: VariableDraft) -> list[str]:
    problems: list[Problem] = []
    check_variables(variables, problems)
    return [problem.pointer for problem in problems]


def _of_secrets(
    *changes: SecretChange,
    variables: tuple[VariableDraft, ...] = (),
    existing: dict[str, SecretPurpose] | None = None,
) -> dict[str, str]:
    problems: list[Problem] = []
    check_secrets(changes, variables, existing or {}, problems)
    return {problem.pointer: problem.message for problem in problems}


def _new(key: str, value: str = "some-value") -> SecretChange:
    return SecretChange(key=key, value=Secret(value))


def test_each_bad_variable_has_its_own_pointer() -> None:
    assert _of_variables(
        VariableDraft("OK", ""),
        VariableDraft("1", "x"),
        VariableDraft("OK", "again"),
        VariableDraft("PATH", "/evil"),
        VariableDraft("N", "a\0b"),
        VariableDraft("L", "x" * 65537),
        VariableDraft("M", "••••"),
    ) == [
        "/variables/1/key",
        "/variables/2/key",
        "/variables/3/key",
        "/variables/4/value",
        "/variables/5/value",
        "/variables/6/value",
    ]


def test_there_is_a_most_number_of_variables() -> None:
    enough = [VariableDraft(f"V{n}", "") for n in range(VARIABLES_MAX)]
    assert _of_variables(*enough) == []
    assert _of_variables(*enough, VariableDraft("MORE", "")) == ["/variables"]


def test_a_secret_that_is_only_named_stays_and_must_exist() -> None:
    assert _of_secrets(SecretChange(key="A"), existing={"A": VARIABLE}) == {}
    assert _of_secrets(SecretChange(key="A")) == {"/secrets/0/value": "a new secret needs a value"}


def test_a_deletion_needs_something_to_delete_and_no_value() -> None:
    gone = SecretChange(key="A", is_deleted=True)
    assert _of_secrets(gone, existing={"A": VARIABLE}) == {}
    assert "/secrets/0/key" in _of_secrets(gone)
    both = SecretChange(key="A", is_deleted=True, value=Secret("some-value"))
    assert "/secrets/0/value" in _of_secrets(both, existing={"A": VARIABLE})


def test_a_name_is_either_a_variable_or_a_secret() -> None:
    variables = (VariableDraft("A", "1"),)
    clash = {"/variables/0/key": "A is a secret already: delete it there first"}
    assert _of_secrets(_new("A"), variables=variables) == clash
    assert _of_secrets(variables=variables, existing={"A": VARIABLE}) == clash
    gone = SecretChange(key="A", is_deleted=True)
    assert _of_secrets(gone, variables=variables, existing={"A": VARIABLE}) == {}


def test_the_same_secret_twice_is_refused() -> None:
    assert _of_secrets(_new("A"), _new("A")) == {"/secrets/1/key": "A is there twice"}


def test_bad_names_and_values_of_secrets_have_pointers() -> None:
    found = _of_secrets(_new("LD_PRELOAD"), _new("B", "abc"), _new("C", "••••"), _new("git.token"))
    assert set(found) == {
        "/secrets/0/key",
        "/secrets/1/value",
        "/secrets/2/value",
        "/secrets/3/key",
    }


def test_gits_own_secrets_get_their_keys_from_their_purpose() -> None:
    token = SecretChange(value=Secret("ghp_0123"), purpose=SecretPurpose.GIT_TOKEN)
    (filled,) = with_keys([token])
    assert filled.key == "git.token"
    assert _of_secrets(filled) == {}
    odd = SecretChange(key="TOKEN", value=Secret("ghp_0123"), purpose=SecretPurpose.GIT_TOKEN)
    assert _of_secrets(*with_keys([odd])) == {
        "/secrets/0/key": "a secret for this purpose is called git.token"
    }


def test_there_is_a_most_number_of_secrets_also_over_several_saves() -> None:
    existing = {f"S{n}": VARIABLE for n in range(SECRETS_MAX)}
    assert "/secrets" in _of_secrets(_new("MORE"), existing=existing)
    assert _of_secrets(_new("S1"), existing=existing) == {}
