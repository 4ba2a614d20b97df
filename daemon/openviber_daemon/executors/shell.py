"""The executor that takes a message as a bash script."""

from openviber_daemon.executors.base import Outcome, RunContext
from openviber_daemon.runner.errors import ExecutionError

ITEM = "terminal-1"


class ShellExecutor:
    """Runs the message as one script; what it prints is the run's log."""

    name = "shell"

    def run(self, context: RunContext) -> Outcome:
        execution = context.execution
        start = execution.console.position
        item = _Item(context, cwd=str(context.cwd), log_start=start)
        item.show("running")
        try:
            result = execution.run_script(
                context.text, cwd=context.cwd, env=context.env, strict=False
            )
        except ExecutionError:
            item.show("failed", log_end=start)
            raise
        item.show(
            "completed" if result.ok else "failed",
            exit_code=result.exit_code,
            duration_ms=result.duration_ms,
            log_start=result.log_start,
            log_end=result.log_end,
        )
        return Outcome(
            exit_code=result.exit_code,
            duration_ms=result.duration_ms,
            reason=result.reason,
            message=execution.cancel.message if result.reason else "",
        )


class _Item:
    """The terminal in the timeline; each showing is complete, so that any of them is enough."""

    def __init__(self, context: RunContext, **fields: object) -> None:
        self._context = context
        self._fields = fields

    def show(self, status: str, **fields: object) -> None:
        self._fields.update(fields)
        record = {
            "op": "upsert",
            "id": ITEM,
            "kind": "terminal",
            "status": status,
            "text": self._context.text,
            "fields": dict(self._fields),
        }
        self._context.emit_records([record])
