from openviber_app.ui.kit.parts import link, logo, mark, pill


def test_a_mark_is_hidden_from_readers_because_words_stand_beside_it() -> None:
    assert '"aria-hidden":"true"' in str(mark("ready"))
    assert '"data-kind":"ready"' in str(pill("Ready", "ready"))


def test_links_stay_inside_the_page() -> None:
    assert 'to:"/"' in str(link(logo(), href="/"))
