"""The command line of a node."""

import argparse
import asyncio
import logging
import sys

from openviber_daemon.config import (
    DEFAULT_BOARD,
    home_from_environment,
    load_config,
    runner_environment,
    token_from_environment,
)
from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home
from openviber_daemon.version import VERSION

FAILED = 1


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    options = make_parser().parse_args(arguments)
    home = home_from_environment()
    try:
        return run_command(options, home)
    except NodeError as error:
        print(f"openviber: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130


def run_command(options: argparse.Namespace, home: Home) -> int:
    """Do what was asked."""
    match options.command:
        case "onboard":
            return onboard_command(options, home)
        case "start":
            return start_command(home, is_verbose=options.verbose)
        case "status":
            return status_command(home, as_json=options.json)
        case "doctor":
            return doctor_command(home)
        case "rotate-key":
            return rotate_command(home)
        case _:
            return service_command(home, wanted=options.action)


def onboard_command(options: argparse.Namespace, home: Home) -> int:
    """Make this machine a node."""
    from openviber_daemon.onboarding import onboard  # noqa: PLC0415 - only used here

    token = options.token or token_from_environment()
    if token == "-":  # noqa: S105 - stands for standard input, as elsewhere
        token = sys.stdin.readline().strip()
    config = onboard(
        home,
        token=token,
        board_url=options.board,
        name=options.name,
        allow_insecure=options.allow_insecure,
        replace=options.replace,
    )
    print(f"this machine is now the node {config.node_name!r} of {config.board_url}")
    print("start it with: openviber start        (or keep it running: openviber service install)")
    return 0


def start_command(home: Home, *, is_verbose: bool) -> int:
    """Serve until a signal comes or the board gives up on this node."""
    load_config(home)
    from openviber_daemon.agent import AGAIN, Agent  # noqa: PLC0415 - the others answer at once
    from openviber_daemon.clock import SystemClock  # noqa: PLC0415 - see above
    from openviber_daemon.daemon_log import logging_to  # noqa: PLC0415 - see above
    from openviber_daemon.keys import load_keys  # noqa: PLC0415 - see above
    from openviber_daemon.launch import Launcher  # noqa: PLC0415 - see above
    from openviber_daemon.rotation import adopt_taken  # noqa: PLC0415 - see above
    from openviber_daemon.status import DaemonLock  # noqa: PLC0415 - see above

    home.create()
    adopt_taken(home)
    load_keys(home)

    async def serve() -> int:
        agent = Agent(
            home=home,
            config=load_config(home),
            keys=load_keys(home),
            clock=SystemClock(),
            launcher=Launcher(environment=runner_environment()),
        )
        return await agent.run()

    with DaemonLock(home), logging_to(home.log_file, is_verbose=is_verbose):
        logging.getLogger("openviber").info("openviber %s starts on %s", VERSION, home.root)
        while (code := asyncio.run(serve())) == AGAIN:
            continue  # with the identity that is on the disk now
        return code


def rotate_command(home: Home) -> int:
    """Give this node new keys and a new token; a daemon that runs takes them up by itself."""
    config = load_config(home)
    from openviber_daemon.rotation import rotate  # noqa: PLC0415 - only used here

    home.create()
    keys = rotate(home)
    print(f"{config.node_name!r} has new keys and a new token; its signing key is now")
    print(f"{keys.signing_key_id}. The old ones are worth nothing any more.")
    return 0


def status_command(home: Home, *, as_json: bool) -> int:
    """Tell how this node is doing; fail when no daemon runs."""
    config = load_config(home)
    from openviber_daemon.clock import SystemClock  # noqa: PLC0415 - after the quick refusal
    from openviber_daemon.spool import Spool  # noqa: PLC0415 - see above
    from openviber_daemon.status import read_status  # noqa: PLC0415 - see above

    home.create()
    with Spool(home.state_file, clock=SystemClock()) as spool:
        status = read_status(home, spool, board=config.board_url, node=config.node_name)
    if as_json:
        print(status.as_json())
        return 0 if status.is_running else FAILED
    print(f"node     {status.node}, of {status.board}")
    print(f"daemon   {f'runs as process {status.pid}' if status.is_running else 'not running'}")
    if status.is_running:
        print(f"link     {status.link} since {status.link_since} {status.link_detail}".rstrip())
    elif status.link_detail:
        print(f"link     ended {status.link_since}: {status.link_detail}")
    print(f"spool    {status.spool_bytes} bytes that the board does not hold yet")
    for one in status.executions:
        state = "ended" if one.has_ended else "running" if one.is_alive else "interrupted"
        print(f"{one.kind:8} {one.execution_id} {state}, {one.unacked_log_bytes} bytes to send")
    return 0 if status.is_running else FAILED


def doctor_command(home: Home) -> int:
    """Tell what could keep this node from working; fail when something does."""
    from openviber_daemon.clock import SystemClock  # noqa: PLC0415 - only used here
    from openviber_daemon.doctor import Verdict, examine  # noqa: PLC0415 - only used here

    findings = examine(home, clock=SystemClock())
    for finding in findings:
        print(f"{finding.verdict:5} {finding.name:11} {finding.words}")
    return FAILED if any(finding.verdict is Verdict.BAD for finding in findings) else 0


def service_command(home: Home, *, wanted: str) -> int:
    """Install or remove the service."""
    from openviber_daemon import service  # noqa: PLC0415 - only used here

    if wanted == "install":
        load_config(home)
    for line in service.install(home) if wanted == "install" else service.remove():
        print(line)
    return 0


def make_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="openviber", description="Makes this machine a node of an OpenViber board."
    )
    parser.add_argument("--version", action="version", version=f"openviber {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    onboard = commands.add_parser("onboard", help="become a node, with a token of the board")
    onboard.add_argument(
        "--token", default="", help="the one-time token; `-` reads it from standard input, "
        "and without it $OPENVIBER_TOKEN is used"
    )  # fmt: skip
    onboard.add_argument("--board", default=DEFAULT_BOARD, help=f"its address ({DEFAULT_BOARD})")
    onboard.add_argument("--name", default="", help="what to call this machine (its host name)")
    onboard.add_argument("--replace", action="store_true", help="give up the present identity")
    onboard.add_argument(
        "--allow-insecure", action="store_true", help="reach another machine without encryption"
    )
    start = commands.add_parser("start", help="serve the board until Ctrl-C")
    start.add_argument("--verbose", action="store_true", help="say more")
    status = commands.add_parser("status", help="say how this node is doing")
    status.add_argument("--json", action="store_true", help="for programs")
    commands.add_parser("doctor", help="look for what could keep this node from working")
    commands.add_parser("rotate-key", help="make new keys and a new token for this node")
    service = commands.add_parser("service", help="keep the daemon running with systemd")
    service.add_argument("action", choices=("install", "remove"))
    return parser
