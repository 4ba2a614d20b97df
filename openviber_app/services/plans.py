"""Plans of environments that nobody has saved yet."""

from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.draft_values import with_keys
from openviber_app.domain.drafts import EnvironmentDraft
from openviber_app.domain.errors import InvalidInputError
from openviber_app.domain.plan import PlanStep, kept_of, plan, secrets_after, text_problems
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments


async def make_plan(
    runtime: Runtime, actor: Actor, *, draft: EnvironmentDraft, environment_id: UUID | None
) -> list[PlanStep]:
    """Say what a node would do with a draft; it may be half-written.

    Raises:
        NotFoundError: there is no such environment, or it is somebody else's.
        InvalidInputError: a text is endless, or no Unicode.
    """
    if problems := text_problems(draft):
        raise InvalidInputError(problems)
    stored: dict[str, tuple[str, str]] = {}
    if environment_id is not None:
        async with runtime.store.read() as db:
            row = await environments.get_environment(
                db, user_id=actor.user_id, environment_id=environment_id
            )
            sealed = await environments.list_secrets(db, environment_id=row.id)
        stored = {item.key: (item.purpose, item.scope) for item in sealed}
    secrets = secrets_after(with_keys(draft.secrets), kept_of(stored))
    return plan(draft, secrets)
