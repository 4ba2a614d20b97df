"""Tests of `openviber_app.domain.placement`."""

import pytest

from openviber_app.domain.errors import ConflictError
from openviber_app.domain.ids import new_id
from openviber_app.domain.placement import Candidate, Wishes, place
from openviber_app.domain.statuses import BindingStatus


def _on(name: str, status: str = "ready", **more: object) -> Candidate:
    return Candidate(
        binding_id=new_id(),
        node_id=new_id(),
        node_name=name,
        status=BindingStatus(status),
        **more,  # pyright: ignore[reportArgumentType]
    )


def test_the_binding_that_holds_the_workspace_comes_before_everything() -> None:
    held, chosen, default = _on("held"), _on("chosen"), _on("default")
    wishes = Wishes(held.binding_id, chosen.node_id, default.binding_id)
    assert place([default, chosen, held], wishes).candidate is held


def test_the_chosen_node_comes_before_the_default() -> None:
    chosen, default = _on("chosen"), _on("default")
    wishes = Wishes(chosen_node_id=chosen.node_id, default_binding_id=default.binding_id)
    assert place([default, chosen], wishes).candidate is chosen


def test_a_chosen_node_without_the_environment_is_not_replaced_in_silence() -> None:
    with pytest.raises(ConflictError, match="not mapped to the thread's node"):
        place([_on("other")], Wishes(chosen_node_id=new_id()))


def test_without_a_default_the_only_ready_one_is_taken() -> None:
    ready = _on("ready")
    assert (
        place([_on("coming", "pending"), ready, _on("old", "stale")], Wishes()).candidate is ready
    )


def test_two_ready_ones_are_a_question() -> None:
    with pytest.raises(ConflictError, match=r"choose a node: .* a, b"):
        place([_on("b"), _on("a")], Wishes())


def test_a_binding_that_is_gone_counts_for_nothing() -> None:
    ready = _on("ready")
    assert place([ready], Wishes(new_id(), None, new_id())).candidate is ready


def test_an_environment_on_no_node_says_to_map_it() -> None:
    with pytest.raises(ConflictError, match="map it to a node first"):
        place([], Wishes())


@pytest.mark.parametrize("status", ["pending", "preparing"])
def test_a_binding_that_is_being_prepared_is_waited_for(status: str) -> None:
    assert place([_on("studio-01", status)], Wishes()).waits_for == "the environment on studio-01"


def test_a_failed_prepare_is_said_with_its_reason() -> None:
    failed = _on("studio-01", "error", last_error="exit code 2")
    with pytest.raises(ConflictError, match=r"studio-01 \(exit code 2\); fix it and prepare"):
        place([failed], Wishes())


def test_a_stale_binding_runs_with_a_notice_of_what_changed() -> None:
    stale = _on("studio-01", "stale", stale_reasons=("setup script", "secret TOKEN"))
    placement = place([stale], Wishes())
    assert placement.waits_for == ""
    assert "setup script, secret TOKEN" in placement.notice


def test_a_drained_node_is_waited_for_and_a_revoked_one_is_not_chosen() -> None:
    drained = _on("studio-01", "ready", is_drained=True)
    assert "studio-01, which is drained" in place([drained], Wishes()).waits_for
    revoked = _on("studio-01", "stale", is_revoked=True)
    wishes = Wishes(default_binding_id=revoked.binding_id)
    with pytest.raises(ConflictError, match="studio-01 was revoked"):
        place([revoked], wishes)
    other = _on("studio-02", "ready")
    assert place([revoked, other], wishes).candidate == other
