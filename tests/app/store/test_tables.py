import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store.columns import UtcDateTime
from openviber_app.store.people_tables import BoardSetting, User
from openviber_app.store.tables import Environment, Node
from tests.support.board import People

FOUNDING = {
    "environments": "id user_id name description type repo_url repo_org repo_name repo_branch"
    " container_image working_dir setup_script network_access persist_volume metadata created_at"
    " updated_at",
    "environment_vars": "id environment_id key value is_secret",
    "environment_secrets": "id environment_id key encrypted_value kms_key_id created_at",
    "environment_bindings": "id environment_id node_id resolved_working_dir status last_prepare_at"
    " last_error",
    "threads": "id user_id environment_id title active_node_id status last_message_at created_at"
    " updated_at",
    "viber_nodes": "id user_id name",
}


@pytest.mark.parametrize("table", FOUNDING)
def test_a_table_has_at_least_the_fields_of_the_founding_design(table: str) -> None:
    assert set(FOUNDING[table].split()) <= set(SQLModel.metadata.tables[table].columns.keys())


def test_every_column_of_a_moment_keeps_its_zone() -> None:
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("_at"):
                assert isinstance(column.type, UtcDateTime), f"{table.name}.{column.name}"


async def test_metadata_has_its_name_in_the_database(runtime: Runtime, people: People) -> None:
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        db.add(
            Environment(
                user_id=people.alice.actor.user_id,
                name="E",
                type="manual",
                metadata_={"a": 1},
                created_at=now,
                updated_at=now,
            )
        )
        await db.flush()
        raw = (await db.execute(sa.text("SELECT metadata FROM environments"))).scalar_one()
    assert raw == '{"a": 1}'


async def test_a_row_without_its_owner_is_refused(runtime: Runtime) -> None:
    async def add_orphan() -> None:
        async with runtime.store.write() as db:
            db.add(Node(user_id=new_id(), name="n", created_at=runtime.clock.now()))

    with pytest.raises(IntegrityError):
        await add_orphan()


async def test_two_people_cannot_have_one_address(runtime: Runtime, people: People) -> None:
    async def add_again() -> None:
        async with runtime.store.write() as db:
            db.add(
                User(
                    name="A",
                    email=people.alice.actor.email,
                    password_hash="x",
                    created_at=runtime.clock.now(),
                )
            )

    with pytest.raises(IntegrityError):
        await add_again()


async def test_json_of_any_kind_is_a_fact(runtime: Runtime) -> None:
    async with runtime.store.write() as db:
        db.add(BoardSetting(key="list", value=[1, "two", None]))
    async with runtime.store.read() as db:
        assert (await db.get_one(BoardSetting, "list")).value == [1, "two", None]
