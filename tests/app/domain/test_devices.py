import pytest

from openviber_app.domain.devices import device_words

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
         "Firefox on Linux"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/26.0 Safari/605.1.15",
         "Safari on macOS"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) {APPLE} CriOS/150.0 Mobile",
         "Chrome on iPhone"),
        (f"Mozilla/5.0 (Windows NT 10.0) {BLINK} Chrome/150.0 Safari/537.36 Edg/150.0",
         "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 16) {BLINK} Chrome/150.0 Mobile Safari/537.36",
         "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) SomethingNew/1", "A browser on Windows"),
        ("curl/8.9", "curl"),
        ("", "Unknown browser"),
        ("<script>", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words
