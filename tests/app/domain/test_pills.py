from openviber_app.domain.pills import Pill, pill_of
from openviber_app.domain.statuses import BindingStatus


def test_every_status_of_a_binding_has_a_pill_and_none_is_unmapped() -> None:
    assert pill_of(None) is Pill.UNMAPPED
    assert {status: pill_of(status).value for status in BindingStatus} == {
        BindingStatus.PENDING: "Preparing",
        BindingStatus.PREPARING: "Preparing",
        BindingStatus.READY: "Ready",
        BindingStatus.ERROR: "Error",
        BindingStatus.STALE: "Stale",
    }
