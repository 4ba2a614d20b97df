from openviber_app.ui.kit.signs import avatar, kbd, progress


def test_a_person_is_their_first_letter_and_readers_skip_it() -> None:
    shown = str(avatar("ada"))
    assert '"A"' in shown
    assert '"aria-hidden":"true"' in shown


def test_how_far_something_is_has_a_name() -> None:
    assert '"aria-label":"Set-up"' in str(progress(0.5, label="Set-up"))


def test_a_key_is_marked_as_one() -> None:
    assert 'jsx("kbd"' in str(kbd("C"))
