import pytest
from pydantic import ValidationError

from openviber_app.api.payload import Payload


class Sample(Payload):
    some_name: str = ""


def test_names_are_camel_case_outside_and_snake_case_inside() -> None:
    assert Sample.model_validate({"someName": "x"}).some_name == "x"
    assert Sample(someName="x").model_dump(mode="json") == {"someName": "x"}  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("body", [{"some_name": "x"}, {"other": 1}, {"someName": None}])
def test_anything_else_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate(body)


def test_a_value_is_taken_as_it_is() -> None:
    assert Sample.model_validate({"someName": "  x "}).some_name == "  x "
