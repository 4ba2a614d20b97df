"""Tests of `openviber_app.bus`."""

import asyncio

from openviber_app.bus import Bus, Listener


async def test_a_listener_wakes_for_its_topics_only() -> None:
    bus = Bus()
    with bus.listening("log:a", "log:b") as listener:
        bus.advanced("log:c", 1)
        assert not listener.wake.is_set()
        bus.advanced("log:a", 7)
        async with asyncio.timeout(5):
            await listener.wake.wait()
        assert listener.take() == {"log:a": 7}
        assert not listener.wake.is_set()


async def test_only_the_last_position_is_kept_however_many_there_were() -> None:
    bus = Bus()
    with bus.listening("log:a") as listener:
        for position in range(1000):
            bus.advanced("log:a", position)
        assert listener.take() == {"log:a": 999}
        assert listener.take() == {}


async def test_every_listener_of_a_topic_is_told() -> None:
    bus = Bus()
    with bus.listening("user:x") as one, bus.listening("user:x") as two:
        bus.advanced("user:x")
        assert one.take() == two.take() == {"user:x": 0}


async def test_nothing_is_left_behind() -> None:
    bus, listener = Bus(), Listener()
    bus.subscribe(listener, "log:a")
    bus.unsubscribe(listener, "log:a")
    bus.unsubscribe(listener, "log:a")
    bus.unsubscribe(listener, "never")
    bus.advanced("log:a", 1)
    assert listener.take() == {}
    assert bus._listeners == {}
