import pytest

from openviber_app.domain.errors import InvalidInputError
from openviber_app.domain.people import PersonDraft, checked, is_email
from openviber_app.domain.secret import Secret


def _draft(
    name: str = "Ada", email: str = "ada@example.test", password: str = "correct horse"
) -> PersonDraft:
    return PersonDraft(name=name, email=email, password=Secret(password))


def test_a_person_is_stored_with_a_small_address_and_a_normal_password() -> None:
    person = checked(_draft(name=" Ada ", email=" Ada@Example.test ", password="ﬁne words here"))
    assert (person.name, person.email) == ("Ada", "ada@example.test")
    assert person.password == Secret("fine words here")


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (_draft(name=" "), "/name"),
        (_draft(name="a\nb"), "/name"),
        (_draft(name="x" * 101), "/name"),
        (_draft(email="ada"), "/email"),
        (_draft(email="a b@example.test"), "/email"),
        (_draft(email="ada@"), "/email"),
        (_draft(email="ada@exa mple"), "/email"),
        (_draft(email="ada\n@example.test"), "/email"),
        (_draft(password="short"), "/password"),
        (_draft(password="x" * 1025), "/password"),
        (_draft(password="ada@example.test"), "/password"),
        (_draft(password="aaaaaaaaaaaaaa"), "/password"),
        (_draft(password="half a character \ud800"), "/password"),
        (_draft(email="a\ud800@example.test"), "/email"),
    ],
)
def test_what_is_wrong_has_a_pointer(draft: PersonDraft, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        checked(draft)
    assert [problem.pointer for problem in caught.value.problems] == [pointer]


def test_every_problem_is_told_at_once_and_no_password_is() -> None:
    with pytest.raises(InvalidInputError) as caught:
        checked(_draft(name="", email="", password="tiny-one"))
    assert len(caught.value.problems) == 3
    assert "tiny-one" not in str(caught.value)
    assert "correct horse" not in repr(_draft())


def test_plus_signs_and_local_hosts_are_fine_in_an_address() -> None:
    assert is_email("ada+ci@example.test")
    assert is_email("openviber@localhost")
