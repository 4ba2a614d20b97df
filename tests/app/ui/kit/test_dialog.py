import reflex as rx

from openviber_app.ui.kit.dialog import opens, sheet


def test_a_sheet_is_opened_by_its_name() -> None:
    shown = str(sheet(rx.el.p("inside"), id="map", title="Map to node", wide=True))
    assert 'id:"map"' in shown
    assert 'title:"Map to node"' in shown
    assert "wide:true" in shown
    assert "inside" in shown
    assert opens("map") == {"data-opens": "map", "aria-haspopup": "dialog"}


def test_what_a_dialog_is_told_travels_as_a_query() -> None:
    assert opens("map", node="n1", strategy="auto")["data-with"] == "node=n1&strategy=auto"
    button = rx.el.button(custom_attrs=opens("map", node=rx.Var("row.id").to(str)))
    assert '"data-with":("node="+row.id)' in str(button)


def test_a_dialog_may_have_an_action_beside_its_title() -> None:
    assert 'action:(jsx("button"' in str(
        sheet(id="environments", title="Environments", action=rx.el.button("Create"))
    )
