import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openviber_app.ui.live import components

FOLDER = Path(components.__file__).parent
BUN = Path(sys.executable).with_name("bun")


def run_script(tmp_path: Path, script: str) -> Any:
    """Run JavaScript beside our own modules; return what it printed as JSON."""
    file = tmp_path / "probe.mjs"
    file.write_text(script.replace("$HERE", str(FOLDER)))
    done = subprocess.run(
        [str(BUN), "run", str(file)], check=True, capture_output=True, text=True, timeout=50
    )
    return json.loads(done.stdout)


LOG = "first\r\nü € 𝄞\n\x1b[31mred\x1b[0m \x1b]0;title\x07text\n10%\r50%\r100%\n\nlast"
SHOWN = ["first", "ü € 𝄞", "red text", "100%", "", "last"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("kept", [0, 1, 5, 20, 40])
def test_a_log_reads_the_same_however_its_bytes_were_cut(
    tmp_path: Path, size: int, kept: int
) -> None:
    script = f"""
    import {{ LogBytes }} from "$HERE/log_bytes.js";
    import {{ decode, plain }} from "$HERE/log_text.js";
    const all = new TextEncoder().encode({json.dumps(LOG)});
    const log = new LogBytes({kept});
    for (let at = {kept}; at < all.length; at += {size}) log.append(all.slice(at, at + {size}));
    for (let to = {kept}; to > 0; to -= {size})
      log.prepend(all.slice(Math.max(0, to - {size}), to));
    const lines = [];
    for (let n = log.firstLine; n <= log.endLine; n++) lines.push(plain(decode(log.line(n).bytes)));
    console.log(JSON.stringify([lines, log.count, log.from, log.to === all.length]));
    """
    assert run_script(tmp_path, script) == [SHOWN, len(SHOWN), 0, True]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("\x1b]52;c;ZXZpbA==\x07a", "a"),
        ("\x9d52;c;ZXZpbA==\x9ca", "a"),
        ("\x1b]8;;javascript:x\x1b\\a\x1b]8;;\x1b\\b", "ab"),
        ('\x1bP$q"p\x1b\\a\x90more\x9cb', "ab"),
        ("\x1b_apc\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\a", "a"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b[2J\x1b[?1049h\x1b[6na", "a"),
        ("\u202etxt.exe\u2066", "txt.exe"),
        ("Password:\x08\x08a\x85b", "Password:ab"),
        ("cut \x1b]0;title", "cut 0;title"),
    ],
)
def test_nothing_that_steers_a_terminal_is_left_of_a_line(
    tmp_path: Path, line: str, shown: str
) -> None:
    script = f"""
    import {{ pieces, plain, withoutUnfinished }} from "$HERE/log_text.js";
    const line = {json.dumps(line)};
    const text = (found) => found.map((piece) => piece.text).join("");
    console.log(JSON.stringify([plain(line), text(pieces(line)), withoutUnfinished(line)]));
    """
    plain, painted, finished = run_script(tmp_path, script)
    assert (plain, painted) == (shown, shown)
    assert finished == line or line.startswith("cut")


def test_a_line_that_began_before_what_is_loaded_is_left_out(tmp_path: Path) -> None:
    script = """
    import { LogBytes } from "$HERE/log_bytes.js";
    const log = new LogBytes(100);
    log.append(new TextEncoder().encode("half of it\\nwhole\\nopen"));
    const text = (n) => new TextDecoder().decode(log.line(n).bytes);
    console.log(JSON.stringify([log.count, text(log.firstLine), text(log.endLine)]));
    """
    assert run_script(tmp_path, script) == [2, "whole", "open"]


def test_a_line_of_a_megabyte_is_shown_in_part(tmp_path: Path) -> None:
    script = """
    import { LogBytes } from "$HERE/log_bytes.js";
    const log = new LogBytes();
    for (let n = 0; n < 16; n++) log.append(new Uint8Array(65536).fill(120));
    const { bytes, missing } = log.line(0);
    console.log(JSON.stringify([log.count, bytes.length, bytes.length + missing]));
    """
    assert run_script(tmp_path, script) == [1, 16384, 1048576]


@pytest.mark.parametrize("columns", [0, 10])
def test_every_row_of_a_log_belongs_to_one_line(tmp_path: Path, columns: int) -> None:
    script = f"""
    import {{ LogBytes }} from "$HERE/log_bytes.js";
    import {{ LogRows }} from "$HERE/log_rows.js";
    const bytes = new LogBytes();
    const lines = Array.from({{ length: 60000 }}, (_, n) => "x".repeat(n % 37));
    bytes.append(new TextEncoder().encode(lines.join("\\n")));
    const rows = new LogRows({{ bytes, facts: {{ lines: null }} }});
    rows.columns = {columns};
    const wrong = [];
    let row = 0;
    for (let line = 0; line < lines.length; line += 997) {{
      row = rows.top(line);
      for (let below = 0; below < rows.heightOf(line); below++) {{
        const found = rows.find(row + below);
        if (found.line !== line || found.row !== row) wrong.push([line, below, found]);
      }}
    }}
    const columns = {columns} || 1000;
    const heights = lines.map((text) => Math.max(1, Math.ceil(text.length / columns)));
    console.log(JSON.stringify([wrong, rows.total - heights.reduce((a, b) => a + b)]));
    """
    assert run_script(tmp_path, script) == [[], 0]


def test_a_search_counts_each_place_with_its_line(tmp_path: Path) -> None:
    script = """
    import { linesWith } from "$HERE/log_search.js";
    console.log(JSON.stringify(linesWith("a b A\\nnone\\n\\nb a", "a", -7)));
    """
    assert run_script(tmp_path, script) == [-7, -7, -4]


def test_colours_end_where_the_terminal_ends_them(tmp_path: Path) -> None:
    line = "\x1b[1;31mone\x1b[39m two\x1b[0m three\x1b[38;5;12mfour\x1b[38;2;1;2;31mfive\x1b[2K"
    script = f"""
    import {{ pieces }} from "$HERE/log_text.js";
    console.log(JSON.stringify(pieces({json.dumps(line)})));
    """
    found = [(p["text"], p["colour"], p["isBold"]) for p in run_script(tmp_path, script)]
    assert found == [
        ("one", 1, True),
        (" two", -1, True),
        (" three", -1, False),
        ("four", 12, False),
        ("five", -1, False),
    ]


def test_a_new_connection_resumes_where_the_last_one_ended(tmp_path: Path) -> None:
    script = """
    const sent = [], sockets = [];
    globalThis.window = { addEventListener() {} };
    globalThis.document = { addEventListener() {} };
    globalThis.location = { origin: "http://board.test" };
    globalThis.WebSocket = class {
      constructor(url) { this.url = url; this.readyState = 1; sockets.push(this); }
      send(text) { sent.push(JSON.parse(text)); }
    };
    const { live } = await import("$HERE/socket.js");
    const got = [];
    live.subscribe("log:1", (events) => got.push(...events), 5);
    sockets[0].onopen();
    sockets[0].onmessage({ data: JSON.stringify([["log:1", 9, { t: "log", d: "YWJjZA==" }]]) });
    sockets[0].readyState = 3;
    await new Promise((done) => {
      const real = setTimeout;
      globalThis.setTimeout = (again) => { real(() => { again(); done(); }, 0); return 1; };
      sockets[0].onclose({ code: 1012 });
    });
    sockets[1].onopen();
    console.log(JSON.stringify({ url: sockets[0].url, sent, got }));
    process.exit(0);
    """
    told = run_script(tmp_path, script)
    assert told["url"] == "ws://board.test/api/live"
    assert told["sent"][0] == {"sub": "log:1", "after": 5}
    assert told["sent"][-1] == {"sub": "log:1", "after": 9}
    assert told["got"] == [{"t": "log", "d": "YWJjZA=="}]
