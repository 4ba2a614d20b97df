import json
import subprocess
from pathlib import Path

from openviber_app.ui.shell import components

SCRIPTS = Path(components.__file__).parent


def test_each_part_names_its_script() -> None:
    for part in (components.activity_badge(), components.palette_button(), components.shell()):
        assert (SCRIPTS / str(part.library).rpartition("/")[2]).is_file()
    assert 'name:"Ada"' in str(components.user_menu_part(name="Ada"))


def sections(**given: object) -> dict[str, list[str]]:
    """Return what the palette lists for these words: labels by heading."""
    known = {"query": "", "environment": "", "theme": "light", "environments": []}
    known["threads"] = {"asked": "", "rows": []}
    script = f"""
    import {{ sections }} from {json.dumps((SCRIPTS / "palette_items.js").as_uri())};
    const found = sections({json.dumps(known | given)});
    const names = found.map(([heading, rows]) => [heading, rows.map((row) => row.label)]);
    console.log(JSON.stringify(names));
    """
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_an_empty_field_offers_things_to_do_first() -> None:
    found = sections()
    assert next(iter(found)) == "Actions"
    assert "New thread" not in found["Actions"]  # there is nothing that it could belong to
    assert "New thread" in sections(environment="e1")["Actions"]


def test_typed_words_sift_by_name_and_by_meaning() -> None:
    assert sections(query="acc tok") == {}
    assert sections(query="api tok") == {"Pages": ["API tokens"]}
    assert sections(query="log out") == {"Actions": ["Sign out"]}
    rows = [{"id": "1", "label": "checkout-api", "note": "Ready"}]
    assert sections(query="check", environments=rows) == {"Environments": ["checkout-api"]}


def test_threads_are_taken_as_the_board_found_them() -> None:
    rows = [{"id": "1", "label": "Fix the retry test"}]
    found = sections(query="flaky", threads={"asked": "flaky", "rows": rows})
    assert found == {"Threads": ["Fix the retry test"]}


def test_threads_of_an_older_question_are_sifted_until_the_answer_comes() -> None:
    rows = [{"id": "1", "label": "Fix the retry test"}, {"id": "2", "label": "Light up the logo"}]
    found = sections(query="light theme", theme="dark", threads={"asked": "", "rows": rows})
    assert found == {"Actions": ["Switch to the light theme"]}
    found = sections(query="light", threads={"asked": "", "rows": rows})
    assert found["Threads"] == ["Light up the logo"]
