"""The command line of the board: `openviber-board`."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from importlib.metadata import version
from pathlib import Path

from openviber_app import server
from openviber_app.domain.errors import OpenViberError
from openviber_app.settings import Settings, load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="openviber-board",
        description="The OpenViber board. PORT, HOST, DATA, PUBLIC_URL and DATABASE_URL are read "
        "from the environment.",
    )
    parser.add_argument("--version", action="version", version=version("openviber"))
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the board until Ctrl-C")
    serve.add_argument(
        "--with-node",
        action="store_true",
        help="also run a node on this machine; it belongs to the board's first owner",
    )
    reset = commands.add_parser(
        "reset-password", help="print a one-time link with which somebody sets a new password"
    )
    reset.add_argument("email", help="the person's address; the board may run or not")
    _add_key_commands(commands)
    chosen = parser.parse_args(arguments)
    try:
        match chosen.command:
            case "serve":
                return _serve(load_settings(), with_node=chosen.with_node)
            case "reset-password":
                return _reset_password(load_settings(), email=chosen.email)
            case _:
                return _keys(chosen)
    except (OpenViberError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the server took the signal over
        return 130


def _reset_password(settings: Settings, *, email: str) -> int:
    from openviber_app.services import password_resets  # noqa: PLC0415 - a second; errors first

    offered = asyncio.run(password_resets.offer_from_console(settings, email))
    print(offered.words(settings.public_url))
    return 0


def _add_key_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    secrets = commands.add_parser("secrets", help="rotate or verify what seals the secrets")
    kinds = secrets.add_subparsers(dest="kind", required=True)
    kinds.add_parser("rotate", help="wrap every secret's key with a new wrapping key")
    verify = kinds.add_parser("verify", help="open every secret, and list what does not open")
    verify.add_argument(
        "--prune", action="store_true", help="if all open, remove wrapping keys that nothing uses"
    )
    for name, text in (
        ("backup", "copy database and keys into a new file; the board may run"),
        ("restore", "unpack such a file into an empty DATA"),
    ):
        commands.add_parser(name, help=text).add_argument("file", type=Path)


def _keys(chosen: argparse.Namespace) -> int:
    # Imported late: they take a second, and `serve` does without.
    from openviber_app import backups, key_commands  # noqa: PLC0415

    settings = load_settings()
    match chosen.command:
        case "backup":
            print(backups.backup(settings, chosen.file))
        case "restore":
            print(backups.restore(settings, chosen.file))
        case _ if chosen.kind == "rotate":
            return key_commands.rotate(settings)
        case _:
            return key_commands.verify(settings, prune=chosen.prune)
    return 0


def _serve(settings: Settings, *, with_node: bool) -> int:
    if server.is_open_to_the_network(settings):
        print(server.OPEN_TO_ALL.format(host=settings.host), file=sys.stderr, flush=True)

    @contextlib.asynccontextmanager
    async def beside() -> AsyncIterator[None]:
        # Imported late: they take seconds, and a busy port is said before that.
        from openviber_app.services import setup_code  # noqa: PLC0415
        from openviber_app.services.runtime import current  # noqa: PLC0415

        runtime = current()
        code = await setup_code.ensure_setup_code(runtime)
        print(f"OpenViber is at {settings.public_url}", flush=True)
        if code:
            print(f"set-up code: {code}  (open the page and make your account with it)", flush=True)
        async with contextlib.AsyncExitStack() as company:
            if with_node:
                from openviber_app import local_node  # noqa: PLC0415

                await company.enter_async_context(local_node.running(runtime))
            yield

    server.serve(settings, beside)
    return 0
