"""Environments as JSON."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, JsonValue, SecretStr, StrictBool, StrictInt

from openviber_app.api.payload import Payload
from openviber_app.domain.draft_values import SecretChange, VariableDraft
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType, SetupMode
from openviber_app.domain.pills import Pill
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.domain.sharing import Access
from openviber_app.services.environments import EnvironmentView, State
from openviber_app.store.tables import Environment, EnvironmentSecret, EnvironmentVar

LIST_MAX = 1000
"""A bound for the parser; the rules of drafts are narrower and say so."""


class VariableIn(Payload):
    """A plain variable."""

    key: str
    value: str


class SecretIn(Payload):
    """What a save does to one secret; without `value` and `delete` its value stays as it is.

    `key` may be left out when `purpose` is one of git's: it then follows from it.
    """

    key: str = ""
    value: SecretStr | None = None
    delete: StrictBool = False
    scope: SecretScope | None = None
    purpose: SecretPurpose = SecretPurpose.VARIABLE


class EnvironmentIn(Payload):
    """Every plain field of an environment: one that is left out gets its default.

    `secrets` holds only what changes. With `version`, a save is refused when somebody saved since.
    """

    name: str
    type: EnvironmentType
    description: str = ""
    repo_url: str = ""
    repo_org: str = ""
    """Only read when there is no `repoUrl`: then the repository is GitHub's `org/name`."""
    repo_name: str = ""
    repo_branch: str = ""
    local_path: str = ""
    container_image: str = ""
    working_dir: str = ""
    setup_mode: SetupMode = SetupMode.AUTO
    setup_script: str = ""
    maintenance_script: str = ""
    check_command: str = ""
    time_limit_seconds: StrictInt = 1200
    network_access: StrictBool = True
    persist_volume: StrictBool = False
    submodules: StrictBool = False
    use_node_credentials: StrictBool = False
    author_name: str = ""
    author_email: str = ""
    metadata: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    variables: list[VariableIn] = Field(default_factory=list[VariableIn], max_length=LIST_MAX)
    secrets: list[SecretIn] = Field(default_factory=list[SecretIn], max_length=LIST_MAX)
    version: StrictInt | None = None

    def draft(self) -> EnvironmentDraft:
        """Return what the rules check."""
        plain = {
            name: getattr(self, name)
            for name in type(self).model_fields
            if name not in {"variables", "secrets", "version"}
        }
        return EnvironmentDraft(
            **plain,
            variables=tuple(VariableDraft(item.key, item.value) for item in self.variables),
            secrets=tuple(_change(item) for item in self.secrets),
        )


def _change(item: SecretIn) -> SecretChange:
    return SecretChange(
        key=item.key,
        value=None if item.value is None else Secret(item.value.get_secret_value()),
        is_deleted=item.delete,
        scope=item.scope,
        purpose=item.purpose,
    )


class VariableOut(Payload):
    """A plain variable."""

    key: str
    value: str


class SecretOut(Payload):
    """That a secret is set: never its value, length or hash."""

    key: str
    scope: SecretScope
    purpose: SecretPurpose
    is_set: bool
    updated_at: datetime
    set_by: UUID | None


class EnvironmentOut(Payload):
    """An environment in a list. `pill` and what follows derive from its default binding.

    `access` is what you may do in it; `ownerName` whose it is.
    """

    id: UUID
    name: str
    description: str
    type: EnvironmentType
    repo_url: str
    repo_org: str
    repo_name: str
    repo_branch: str
    local_path: str
    default_binding_id: UUID | None
    version: int
    pill: Pill
    waits_for: str
    error: str
    stale_reasons: list[str]
    access: Access
    owner_name: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Environment, state: State) -> "EnvironmentOut":
        return cls.model_validate(_plain(row, state, cls), by_name=True)


class EnvironmentDetail(EnvironmentOut):
    """An environment with everything that may be shown of it."""

    container_image: str
    working_dir: str
    setup_mode: SetupMode
    setup_script: str
    maintenance_script: str
    check_command: str
    time_limit_seconds: int
    network_access: bool
    persist_volume: bool
    submodules: bool
    use_node_credentials: bool
    author_name: str
    author_email: str
    metadata: dict[str, JsonValue]
    variables: list[VariableOut]
    secrets: list[SecretOut]
    secrets_generation: int

    @classmethod
    def of_view(cls, view: EnvironmentView) -> "EnvironmentDetail":
        values = _plain(view.row, view.state, cls) | {
            "metadata": view.row.metadata_,
            "variables": [_variable(item) for item in view.variables],
            "secrets": [_secret(item) for item in view.secrets],
        }
        return cls.model_validate(values, by_name=True)


def _plain(row: Environment, state: State, wanted: type[Payload]) -> dict[str, Any]:
    values = {
        name: getattr(row, name) for name in wanted.model_fields if name in Environment.model_fields
    }
    return values | {
        "pill": state.pill,
        "waits_for": state.waits_for,
        "error": state.error,
        "stale_reasons": list(state.stale_reasons),
        "access": state.access,
        "owner_name": state.owner,
    }


def _variable(row: EnvironmentVar) -> VariableOut:
    return VariableOut.model_validate({"key": row.key, "value": row.value}, by_name=True)


def _secret(row: EnvironmentSecret) -> SecretOut:
    values = {
        "key": row.key,
        "scope": row.scope,
        "purpose": row.purpose,
        "is_set": True,
        "updated_at": row.created_at,
        "set_by": row.set_by,
    }
    return SecretOut.model_validate(values, by_name=True)
