"""The base of every JSON body: closed, camelCase outside and snake_case inside."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Payload(BaseModel):
    """An unknown field, a wrong type or a lenient number is an error with a pointer."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=False,
        serialize_by_alias=True,
        from_attributes=True,
        str_strip_whitespace=False,
    )
