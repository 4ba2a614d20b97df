"""A browser in words, out of the name it gives itself."""

import re

# in this order: each of them also says the name of one further down
_BROWSERS = (
    ("Edge", r"\bEdgA?/|\bEdgiOS/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bChromium/|\bHeadlessChrome/|\bCriOS/"),
    ("Safari", r"\bVersion/[\d.]+ .*\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
_PROGRAM = re.compile(r"[A-Za-z][\w.-]{0,40}")


def device_words(user_agent: str) -> str:
    """Return "Firefox on Linux", the first word of a program, or "Unknown browser"."""
    browser = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), "")
    system = next((name for name, sign in _SYSTEMS if re.search(sign, user_agent)), "")
    if not browser and (program := _PROGRAM.match(user_agent)) and program[0] != "Mozilla":
        browser = program[0]
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "Unknown browser")
