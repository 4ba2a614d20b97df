from openviber_daemon import board_client, config, keys, onboarding, service, spool, status
from openviber_daemon.errors import NodeError


def test_every_error_of_the_daemon_can_be_told_to_a_person() -> None:
    for module in (board_client, config, keys, onboarding, service, spool, status):
        for name, kind in vars(module).items():
            if name.endswith("Error"):
                assert issubclass(kind, NodeError), name
