import pytest

from openviber_app.domain.kept_drafts import VALUE_MAX_BYTES, draft_problems, is_empty

ID = "01a20958-e49b-7000-93cd-355797a26729"


@pytest.mark.parametrize("key", ["environment:new", f"thread:{ID}", "a", "A_b-9", "x" * 200])
def test_a_key_names_a_form_or_a_thing(key: str) -> None:
    assert draft_problems(key, "words") == []


@pytest.mark.parametrize("key", ["", "a b", "a/b", "ü", "a\n", "x" * 201, "../x"])
def test_another_key_is_pointed_at(key: str) -> None:
    assert [problem.pointer for problem in draft_problems(key, "words")] == ["#path/key"]


@pytest.mark.parametrize("value", [None, "ü𝄞", 1.5, True, {"a": [1, {"b": None}]}])
def test_a_value_is_any_json(value: object) -> None:
    assert draft_problems("a", value) == []


@pytest.mark.parametrize("value", ["half \ud800", float("nan"), {"a": float("inf")}])
def test_what_is_no_json_is_pointed_at(value: object) -> None:
    assert [problem.pointer for problem in draft_problems("a", value)] == ["/value"]


def test_the_limit_counts_bytes_as_json() -> None:
    assert draft_problems("a", "x" * (VALUE_MAX_BYTES - 2)) == []
    (problem,) = draft_problems("a", "x" * (VALUE_MAX_BYTES - 1))
    assert (problem.pointer, problem.message) == ("/value", "a draft has at most 256 KiB")
    assert draft_problems("a", "€" * (VALUE_MAX_BYTES // 2))


@pytest.mark.parametrize(
    ("value", "is_nothing"),
    [(None, True), ("", True), ([], True), ({}, True), (" ", False), (0, False), (False, False)],
)
def test_nothing_is_left_of_an_empty_value(value: object, is_nothing: bool) -> None:
    assert is_empty(value) is is_nothing
