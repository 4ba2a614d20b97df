import uuid
from pathlib import Path

from openviber_daemon.board_config import BoardConfig
from openviber_daemon.clock import SystemClock
from openviber_daemon.config import load_config
from openviber_daemon.home import Home
from openviber_daemon.housekeeping import Housekeeping
from openviber_daemon.launch import Launcher
from openviber_daemon.spool import Spool
from openviber_daemon.supervisor import Supervisor
from openviber_daemon.workspace.slots import Slots
from tests.support.tiny_board import onboard_to, tiny_board


async def test_only_what_the_board_no_longer_lists_is_released(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    kept, named, gone = (str(uuid.uuid4()) for _ in range(3))
    with tiny_board() as board, Spool(tmp_path / "spool", clock=SystemClock()) as spool:
        onboard_to(board, home)
        for number, binding_id in enumerate((kept, named, gone)):
            Slots(home.root).add(
                binding_id=binding_id,
                environment_id=str(uuid.uuid4()),
                root=tmp_path / str(number),
                mirror=str(tmp_path / "absent.git"),
                now=0,
            )
        housekeeping = Housekeeping(
            home=home,
            board_config=BoardConfig(home=home, config=load_config(home)),
            supervisor=Supervisor(
                home=home,
                spool=spool,
                clock=SystemClock(),
                launcher=Launcher(environment={}),
                changed=lambda _: None,
            ),
        )
        board.config = {"bindings": [{"id": kept}], "version": "v2"}
        housekeeping.sync(also_wanted=frozenset({named}))
    assert {slot.binding_id for slot in Slots(home.root).list_all()} == {kept, named}
