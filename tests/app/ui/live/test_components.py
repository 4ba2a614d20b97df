import json
import re
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


def test_every_script_that_another_imports_is_an_asset_too() -> None:
    source = Path(components.__file__).read_text()
    for script in (*FOLDER.glob("*.js"), *FOLDER.glob("*.jsx")):
        for imported in re.findall(r'from "\./([\w.]+)"', script.read_text()):
            assert (FOLDER / imported).is_file()
            assert f'"{imported}"' in source, f"{script.name} imports {imported}"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_log_reads_the_same_however_its_bytes_were_cut(tmp_path: Path, size: int) -> None:
    text = "first\r\nü € 𝄞\n\x1b[31mred\x1b[0m \x1b]0;title\x07text\n10%\r50%\r100%\nlast"
    script = f"""
    import {{ bytesOf, createLineReader }} from "$HERE/log_text.js";
    const bytes = new TextEncoder().encode({json.dumps(text)});
    const reader = createLineReader();
    const lines = [];
    for (let at = 0; at < bytes.length; at += {size}) {{
      const part = Buffer.from(bytes.slice(at, at + {size})).toString("base64");
      lines.push(...reader.take(bytesOf(part)));
    }}
    console.log(JSON.stringify([lines, reader.open()]));
    """
    lines, rest = run_script(tmp_path, script)
    assert lines == ["first", "ü € 𝄞", "red text", "100%"]
    assert rest == "last"


def test_a_line_without_an_end_does_not_grow_for_ever(tmp_path: Path) -> None:
    script = """
    import { createLineReader } from "$HERE/log_text.js";
    const reader = createLineReader();
    let pieces = 0;
    for (let n = 0; n < 20; n++) pieces += reader.take(new Uint8Array(65536).fill(120)).length;
    console.log(JSON.stringify([pieces, reader.open().length]));
    """
    pieces, rest = run_script(tmp_path, script)
    assert pieces == 10
    assert rest == 0


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
