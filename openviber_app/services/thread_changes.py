"""What a thread's runs did to its files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.services.messages import title_from
from openviber_app.services.runtime import Runtime
from openviber_app.services.timeline_pages import FileView
from openviber_app.store import runs, threads


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """A run that changed files; `text` is the first line of its message."""

    run_id: UUID
    status: str
    text: str
    ended_at: datetime
    files: list[FileView]


@dataclass(frozen=True, slots=True)
class ThreadChanges:
    """The last such runs, newest first; `files` holds each path once."""

    files: list[FileView]
    runs: list[ChangedBy]
    more: bool


def sum_of(changes: Iterable[list[FileView]]) -> list[FileView]:
    """Add up what runs, oldest first, did to each path; a file that came and went is left out."""
    found: dict[str, FileView] = {}
    for files in changes:
        for file in files:
            before = found.pop(file.old_path or file.path, None) or found.pop(file.path, None)
            if before is None:
                found[file.path] = file
            elif not (before.status == "added" and file.status == "deleted"):
                found[file.path] = _joined(before, file)
    return [found[path] for path in sorted(found)]


def _joined(before: FileView, file: FileView) -> FileView:
    is_binary = before.additions < 0 or file.additions < 0
    return FileView(
        path=file.path,
        status="added" if before.status == "added" else file.status,
        old_path=before.old_path or (before.path if before.path != file.path else ""),
        additions=-1 if is_binary else before.additions + file.additions,
        deletions=-1 if is_binary else before.deletions + file.deletions,
    )


async def get_changes(
    runtime: Runtime, actor: Actor, *, thread_id: UUID, limit: int
) -> ThreadChanges:
    """Return a thread's last runs that changed files.

    Raises:
        NotFoundError: no such thread of this person.
    """
    async with runtime.store.read() as db:
        if await threads.find_thread(db, thread_id=thread_id, user_id=actor.user_id) is None:
            raise NotFoundError("thread")
        found, more = await runs.list_changing(db, thread_id=thread_id, limit=limit)
    changed = [
        ChangedBy(
            run_id=run.id,
            status=run.status,
            text=title_from(text),
            ended_at=run.ended_at or run.created_at,
            files=[FileView(**file) for file in run.files],
        )
        for run, text in found
    ]
    files = sum_of(one.files for one in reversed(changed))
    return ThreadChanges(files=files, runs=changed, more=more)
