from openviber_app.ui.routes import add_pages


def test_every_page_has_an_address_a_title_and_its_loader() -> None:
    noted: dict[str, str] = {}

    class Recorder:
        def add_page(self, component: object, **options: object) -> None:
            assert callable(component)
            assert options["on_load"] is not None
            noted[str(options["route"])] = str(options["title"])

    add_pages(Recorder())  # pyright: ignore[reportArgumentType] - only add_page is asked of it
    assert set(noted) == {
        "/",
        "/join",
        "/reset",
        "/setup",
        "/sign-in",
        "/environments/[environment]",
        "/environments/[environment]/edit",
        "/environments/new",
        "/kit",
        "/mappings",
        "/nodes",
        "/settings",
        "/threads/[thread]",
    }
    assert all(title.endswith(" · OpenViber") for title in noted.values())
