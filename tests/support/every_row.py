"""A row of every table, in an order in which they may be added."""

from datetime import UTC, datetime

from sqlmodel import SQLModel

from openviber_app.domain.ids import new_id
from openviber_app.store.draft_table import Draft
from openviber_app.store.mark_tables import EnvironmentMark, ThreadMark
from openviber_app.store.people_tables import (
    ApiToken,
    BoardSetting,
    Identity,
    Invite,
    PasswordReset,
    User,
    UserSession,
)
from openviber_app.store.tables import (
    Binding,
    Command,
    Environment,
    EnvironmentSecret,
    EnvironmentVar,
    LogChunk,
    Message,
    Node,
    OnboardToken,
    Prepare,
    Run,
    StreamCursor,
    Thread,
    TimelineItem,
)
from openviber_app.store.trust_tables import AuditEvent, KeyRotation, SecretDelivery, Share

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def rows_of_every_table() -> list[SQLModel]:
    """One row of each table, each referring to the others."""
    user, environment, node = new_id(), new_id(), new_id()
    binding, thread, message, run = new_id(), new_id(), new_id(), new_id()
    return [
        User(id=user, name="Ada", email="ada@example.test", password_hash="x", created_at=NOW),
        BoardSetting(key="a", value={"b": 1}),
        UserSession(token_hash="s", user_id=user, created_at=NOW, expires_at=NOW, last_seen_at=NOW),
        ApiToken(user_id=user, name="ci", token_hash="t", created_at=NOW),
        Identity(user_id=user, issuer="https://id.example.test", subject="1", created_at=NOW),
        Invite(created_by=user, token_hash="i", created_at=NOW, expires_at=NOW),
        PasswordReset(user_id=user, token_hash="p", created_at=NOW, expires_at=NOW),
        KeyRotation(to_key_id="local:a:2", started_at=NOW),
        AuditEvent(created_at=NOW, actor_id=user, action="node.revoked"),
        Draft(user_id=user, key="a", value={"b": 1}, updated_at=NOW),
        Node(id=node, user_id=user, name="studio-01", created_at=NOW),
        OnboardToken(user_id=user, node_id=node, token_hash="o", created_at=NOW, expires_at=NOW),
        Command(node_id=node, type="environment:prepare", created_at=NOW),
        StreamCursor(node_id=node, stream="control", next=2**40),
        Environment(
            id=environment, user_id=user, name="E", type="manual", created_at=NOW, updated_at=NOW
        ),
        EnvironmentVar(environment_id=environment, key="A", value="1"),
        EnvironmentSecret(
            environment_id=environment,
            key="B",
            encrypted_value=b"\1",
            kms_key_id="local:a:1",
            created_at=NOW,
        ),
        Share(environment_id=environment, user_id=user, role="viewer", created_at=NOW),
        SecretDelivery(
            node_id=node,
            environment_id=environment,
            secret_id=new_id(),
            key="B",
            version=1,
            command_id=new_id(),
            first_at=NOW,
            last_at=NOW,
        ),
        Binding(id=binding, environment_id=environment, node_id=node, created_at=NOW),
        Prepare(binding_id=binding, command_id=new_id(), attempt=1, created_at=NOW),
        LogChunk(execution_id=new_id(), offset=2**40, data=b"line\n"),
        Thread(
            id=thread,
            user_id=user,
            environment_id=environment,
            title="T",
            last_message_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        ),
        ThreadMark(user_id=user, thread_id=thread, read_at=NOW),
        EnvironmentMark(user_id=user, environment_id=environment, used_at=NOW),
        Message(id=message, thread_id=thread, text="ls", created_at=NOW),
        Run(id=run, thread_id=thread, message_id=message, command_id=new_id(), created_at=NOW),
        TimelineItem(
            thread_id=thread,
            run_id=run,
            position=1,
            seq=1,
            kind="user_message",
            created_at=NOW,
            updated_at=NOW,
        ),
    ]
