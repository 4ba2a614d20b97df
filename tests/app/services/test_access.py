from openviber_app.services.access import access_topic, ask_again
from openviber_app.services.runtime import Runtime
from tests.support.board import People


async def test_only_the_sockets_of_this_person_are_told(runtime: Runtime, people: People) -> None:
    bob, alice = people.bob.actor.user_id, people.alice.actor.user_id
    with runtime.bus.listening(access_topic(bob)) as bobs:
        ask_again(runtime, alice)
        assert not bobs.wake.is_set()
        ask_again(runtime, bob)
        assert bobs.take() == {access_topic(bob): 0}
