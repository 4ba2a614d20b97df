from openviber_app.domain.findings import Finding, Level
from openviber_app.domain.used_names import NODE_GIVES, split_names


def unassigned(name: str) -> Finding:
    message = f"{name} is referenced but not assigned."
    return Finding(line=3, level=Level.WARNING, code="SC2154", message=message)


OTHER = Finding(line=1, level=Level.INFO, code="SC2086", message="Double quote.")


def test_names_that_the_environment_or_the_node_gives_are_no_finding() -> None:
    given = [unassigned(name) for name in (*sorted(NODE_GIVES), "CONFIG")]
    assert split_names([*given, OTHER], defined={"CONFIG"}) == ([OTHER], [])


def test_a_name_without_a_value_is_told_once_and_stays_on_its_line() -> None:
    kept, names = split_names([unassigned("FOO"), unassigned("FOO")], defined=())
    assert names == ["FOO"]
    assert kept[0].line == 3
    assert "FOO is used" in kept[0].message


def test_a_secret_for_runs_is_told_apart() -> None:
    kept, names = split_names([unassigned("TOKEN")], defined=(), for_runs={"TOKEN"})
    assert names == ["TOKEN"]
    assert "for runs only" in kept[0].message


def test_other_words_of_the_same_kind_stay_as_they_are() -> None:
    odd = Finding(line=1, level=Level.WARNING, code="SC2154", message="something else")
    assert split_names([odd], defined=()) == ([odd], [])
