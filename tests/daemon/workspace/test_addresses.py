import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_daemon.workspace.addresses import (
    AddressError,
    check_branch,
    check_resolved,
    is_public,
    join_relative,
    parse_address,
)


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "user"),
    [
        ("https://github.com/a/b.git", "https", "github.com", 443, ""),
        ("https://git.example.org:8443/a/b", "https", "git.example.org", 8443, ""),
        ("https://GitHub.com./a/b", "https", "github.com", 443, ""),
        ("ssh://git@github.com/a/b.git", "ssh", "github.com", 22, "git"),
        ("ssh://git@[2001:db8::1]:2222/a", "ssh", "2001:db8::1", 2222, "git"),
        ("git@github.com:a/b.git", "ssh", "github.com", 22, "git"),
    ],
)
def test_ordinary_addresses_are_read(
    url: str, scheme: str, host: str, port: int, user: str
) -> None:
    address = parse_address(url)

    assert (address.scheme, address.host, address.port, address.user) == (scheme, host, port, user)
    assert address.url == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "has no repository"),
        ("-uhttps://github.com/a/b", "begins with a dash"),
        ("https://github.com/a b", "a space"),
        ("https://github.com/a\x00b", "control character"),
        ("https://github.com\\@evil.org/a", "backslash"),
        ("ext::sh", "would run a program"),
        ("https::https://github.com/a/b", "would run a program"),
        ("::x", "would run a program"),
        ("file:///etc/passwd", "must look like"),
        ("git://github.com/a/b", "must look like"),
        ("/srv/git/a.git", "must look like"),
        ("../a.git", "must look like"),
        ("github.com:a/b", "must look like"),
        ("git@github.com:-oProxy", "must look like"),
        ("ssh://-oProxyCommand=x/a", "must look like"),
        ("https://github.com/a?token=x", "must look like"),
        ("https://tok@github.com/a/b", "store the token as the environment's git credential"),
        ("https://u:p@github.com/a/b", "store the token as the environment's git credential"),
        ("ssh://u:p@github.com/a/b", "store the token as the environment's git credential"),
        ("ssh://-l@github.com/a/b", "odd user name"),
        ("http://github.com/a/b", "sends everything in the clear"),
        ("https://github.com:99999/a", "is not a port"),
        ("https://github.com/" + "a" * 3000, "longer than"),
    ],
)
def test_other_addresses_are_refused_with_advice(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as raised:
        parse_address(url)

    assert raised.value.reason == "refused"
    assert "u:p" not in str(raised.value)


@pytest.mark.parametrize("named", ["git.lan", "GIT.lan", "git.lan:80", " git.lan "])
def test_plain_http_is_allowed_for_a_host_that_the_owner_named(named: str) -> None:
    assert parse_address("http://git.lan/a/b", allowed_hosts=[named]).scheme == "http"


def test_a_host_named_with_another_port_is_not_named() -> None:
    with pytest.raises(AddressError):
        parse_address("http://git.lan:8080/a", allowed_hosts=["git.lan:80"])


@given(st.text(min_size=1, max_size=60))
def test_whatever_passes_has_a_safe_shape(url: str) -> None:
    try:
        address = parse_address(url)
    except AddressError:
        return
    assert address.scheme in ("https", "ssh")
    assert not address.host.startswith("-")
    assert "::" not in url.split("/", maxsplit=1)[0] or "[" in url


@pytest.mark.parametrize(
    ("base", "url", "joined"),
    [
        ("https://h/a/b.git", "../c.git", "https://h/a/c.git"),
        ("https://h/a/b.git", "../../x/c.git", "https://h/x/c.git"),
        ("https://h/a/b.git", "./c", "https://h/a/b.git/c"),
        ("git@h:a/b.git", "../c.git", "git@h:a/c.git"),
        ("https://h/a", "https://other/x", "https://other/x"),
    ],
)
def test_a_submodules_relative_address_is_joined_as_git_does(
    base: str, url: str, joined: str
) -> None:
    assert join_relative(base, url) == joined


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("140.82.121.4", True),
        ("2606:50c0:8000::153", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:140.82.121.4", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(ip: str, public: bool) -> None:
    assert is_public(ip) is public


def test_one_private_address_among_the_resolved_ones_is_enough_to_refuse() -> None:
    address = parse_address("https://sneaky.example/a")
    with pytest.raises(AddressError, match=r"leads to the private address 10\.0\.0\.1"):
        check_resolved(address, resolved=["140.82.121.4", "10.0.0.1"], allowed_hosts=[])

    check_resolved(address, resolved=["10.0.0.1"], allowed_hosts=["sneaky.example"])
    check_resolved(address, resolved=["140.82.121.4"], allowed_hosts=[])


@pytest.mark.parametrize("name", ["main", "feature/x-1", "viber/fix", "a.b", "ünïcode", "v1.0"])
def test_branches_that_git_takes_are_taken(name: str) -> None:
    assert check_branch(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-x",
        "a..b",
        "a b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[",
        "a\\b",
        "/a",
        "a/",
        "a//b",
        "a.lock",
        ".a",
        "a/.b",
        "a.",
        "@",
        "a@{1}",
        "a\x7f",
        "a\n",
        "x" * 300,
    ],
)
def test_branches_that_git_refuses_are_refused(name: str) -> None:
    with pytest.raises(AddressError, match="is no name for a branch"):
        check_branch(name)


SAMPLE = "http://board.example:3000/sample.git"


def test_a_whole_address_allows_that_one_repository() -> None:
    address = parse_address(SAMPLE, allowed_hosts=[SAMPLE])
    check_resolved(address, resolved=["10.0.0.7", "::1"], allowed_hosts=[SAMPLE])


@pytest.mark.parametrize(
    "url",
    [
        "http://board.example:3000/other.git",
        "http://board.example:3000/sample.git/../other.git",
        "http://board.example:3000/sample.git/",
        "http://board.example/sample.git",
        "http://board.example:3001/sample.git",
        "http://evil.example/sample.git",
        "http://BOARD.example:3000/SAMPLE.git",
    ],
)
def test_nothing_beside_a_whole_address_is_allowed(url: str) -> None:
    with pytest.raises(AddressError, match="in the clear"):
        parse_address(url, allowed_hosts=[SAMPLE])
    inner = parse_address(url.replace("http:", "https:"), allowed_hosts=[SAMPLE])
    with pytest.raises(AddressError, match="private address"):
        check_resolved(inner, resolved=["10.0.0.7"], allowed_hosts=[SAMPLE])
