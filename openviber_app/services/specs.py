"""What a node is told of an environment: everything but a secret's value."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.fingerprints import config_parts
from openviber_app.domain.secrets import SecretPurpose
from openviber_app.services.runtime import current
from openviber_app.store import environments, users
from openviber_app.store.tables import Environment

DEFAULT_AUTHOR = ("OpenViber", "openviber@localhost")


async def build_spec(db: AsyncSession, environment: Environment) -> dict[str, Any]:
    """Return the protocol's `EnvironmentSpec`, in snake_case and plain JSON values."""
    variables = await environments.list_variables(db, environment_id=environment.id)
    secrets = await environments.list_secrets(db, environment_id=environment.id)
    owner = await users.find_user(db, environment.user_id)
    name, email = (owner.name, owner.email) if owner else DEFAULT_AUTHOR
    return {
        "environment_id": str(environment.id),
        "owner_id": str(environment.user_id),
        "name": environment.name,
        "type": environment.type,
        "repo_url": environment.repo_url,
        "repo_branch": environment.repo_branch,
        "local_path": environment.local_path,
        "working_dir": environment.working_dir,
        "submodules": environment.submodules,
        "use_node_credentials": environment.use_node_credentials,
        "setup": {
            "mode": environment.setup_mode,
            "script": environment.setup_script,
            "maintenance_script": environment.maintenance_script,
            "check_command": environment.check_command,
            "time_limit_seconds": environment.time_limit_seconds,
        },
        "variables": {item.key: item.value for item in variables},
        "secrets": [
            {"name": item.key, "version": item.version, "scope": item.scope}
            for item in secrets
            if item.purpose == SecretPurpose.VARIABLE
        ],
        "persist_volume": environment.persist_volume,
        "network_access": environment.network_access,
        "container_image": environment.container_image,
        "author_name": environment.author_name or name,
        "author_email": environment.author_email or email,
        "allowed_hosts": list(_allowed(environment)),
        "fingerprint": config_parts(environment, variables, secrets),
    }


def _allowed(environment: Environment) -> tuple[str, ...]:
    """Name the board's own sample only to who fetches it: this one address, nothing beside it."""
    settings = current().settings
    is_sample = environment.repo_url == settings.sample_url
    return settings.git_places if is_sample else settings.git_hosts
