import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from openviber_app.domain.ids import id_of, new_id


def test_an_id_is_a_uuid_of_version_7_with_todays_time() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert abs((made.int >> 80) / 1000 - time.time()) < 60


def test_ids_rise_also_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    earlier = time.time_ns() - 600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: earlier)
    made = [first, *(new_id() for _ in range(10_000))]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(5000)))
    assert len(set(made)) == 5000


def test_a_key_stands_for_one_id_of_its_owner() -> None:
    ada, bob = new_id(), new_id()
    assert id_of(ada, "k") == id_of(ada, "k")
    assert len({id_of(ada, "k"), id_of(ada, "l"), id_of(bob, "k")}) == 3
