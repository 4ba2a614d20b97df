from openviber_app.ui.kit.parts import field, link, logo, mark, pill


def test_a_field_is_tied_to_its_label_and_its_help() -> None:
    shown = str(field("E-mail", "email", help_text="We send nothing."))
    assert 'htmlFor:"email"' in shown
    assert '"aria-describedby":"email-help"' in shown
    assert 'id:"email-help"' in shown


def test_a_mark_is_hidden_from_readers_because_words_stand_beside_it() -> None:
    assert '"aria-hidden":"true"' in str(mark("ready"))
    assert '"data-kind":"ready"' in str(pill("Ready", "ready"))


def test_links_stay_inside_the_page() -> None:
    assert 'to:"/"' in str(link(logo(), href="/"))
