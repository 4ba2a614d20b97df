"""The sample environment: made once for a person, on the repository that ships with the board."""

from openviber_app.domain.actors import Actor
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType, SetupMode, checked
from openviber_app.domain.reports import Advance
from openviber_app.services import environments
from openviber_app.services.environments import EnvironmentView, add_environment
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments as rows
from openviber_app.store.tables import Environment

KEY = "sample"
SUGGESTIONS = (
    {"label": "Run the tests", "text": "python3 -m unittest -v"},
    {"label": "Draw the city", "text": "python3 -m skyline"},
    {
        "label": "Light more windows",
        "text": "sed -i 's/^WINDOWS = .*/WINDOWS = 0.9/' skyline/city.py\n"
        "python3 -m skyline --seed 7",
    },
)


def sample_draft(repo_url: str) -> EnvironmentDraft:
    """Return the sample environment as somebody might have typed it in."""
    return EnvironmentDraft(
        name="sample",
        type=EnvironmentType.GITHUB,
        description="A city at night, drawn in a terminal. It ships with OpenViber.",
        repo_url=repo_url,
        repo_branch="main",
        setup_mode=SetupMode.MANUAL,
        setup_script="bash setup.sh\n",
        check_command="python3 -m unittest -q",
        time_limit_seconds=300,
        metadata={KEY: True, "suggestions": [dict(item) for item in SUGGESTIONS]},
    )


async def get_or_make_sample(runtime: Runtime, actor: Actor) -> tuple[EnvironmentView, bool]:
    """Return a person's sample environment, and whether it was made now.

    Where the board moved to another address since, the sample moves along.
    """
    settings = runtime.settings
    draft = checked(sample_draft(settings.sample_url), named_hosts=settings.git_places)
    async with runtime.store.write() as db:
        known = await rows.list_owned(db, user_id=actor.user_id)
        row = next((row for row in known if row.metadata_.get(KEY) is True), None)
        is_new = row is None
        if row is None:
            row = await add_environment(runtime, db, actor, draft)
        elif row.repo_url != draft.repo_url:
            _move(row, draft)
            row.updated_at = runtime.clock.now()
        environment_id = row.id
    runtime.announce([Advance(f"user:{actor.user_id}")])
    view = await environments.get_environment(runtime, actor, environment_id=environment_id)
    return view, is_new


def _move(row: Environment, draft: EnvironmentDraft) -> None:
    row.repo_url, row.repo_org, row.repo_name = draft.repo_url, draft.repo_org, draft.repo_name
    row.version += 1
