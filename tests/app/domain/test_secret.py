import json
import logging
import pickle

import pytest

from openviber_app.domain.secret import MASK, Secret

PLAIN = "hunter2-secret"


def test_only_open_gives_the_plaintext() -> None:
    assert Secret(PLAIN).open() == PLAIN


def test_it_has_no_text_form() -> None:
    secret = Secret(PLAIN)
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>30}",
        "".join(map(str, [secret])),
    ):
        assert PLAIN not in shown
        assert MASK in shown


def test_a_log_line_shows_the_mask(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("saving %s", Secret(PLAIN))
    assert PLAIN not in caplog.text
    assert MASK in caplog.text


def test_it_leaves_the_process_in_no_form() -> None:
    with pytest.raises(TypeError):
        json.dumps(Secret(PLAIN))
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(Secret(PLAIN))
    assert not hasattr(Secret(PLAIN), "__len__")
    with pytest.raises(TypeError, match="key"):
        hash(Secret(PLAIN))
    assert not hasattr(Secret(PLAIN), "__dict__")


def test_equal_values_are_equal_and_nothing_else_is() -> None:
    assert Secret(PLAIN) == Secret(PLAIN)
    assert Secret(PLAIN) != Secret("other")
    assert Secret(PLAIN) != PLAIN
