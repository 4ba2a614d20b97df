import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_app.domain.hosts import AddressError, RepoAddress, parse_repo_url


def _parse(text: str, *named: str) -> RepoAddress:
    return parse_repo_url(text, named_hosts=named)


@pytest.mark.parametrize(
    ("pasted", "url", "org", "name", "branch"),
    [
        (
            "https://github.com/psf/requests",
            "https://github.com/psf/requests",
            "psf",
            "requests",
            "",
        ),
        (
            " https://github.com/psf/requests.git/ ",
            "https://github.com/psf/requests.git",
            "psf",
            "requests",
            "",
        ),
        ("github.com/psf/requests", "https://github.com/psf/requests", "psf", "requests", ""),
        (
            "https://GitHub.com/psf/requests?tab=readme#install",
            "https://github.com/psf/requests",
            "psf",
            "requests",
            "",
        ),
        (
            "https://github.com/psf/requests/tree/main",
            "https://github.com/psf/requests",
            "psf",
            "requests",
            "main",
        ),
        (
            "https://github.com/psf/requests/tree/feature/x",
            "https://github.com/psf/requests",
            "psf",
            "requests",
            "feature/x",
        ),
        ("https://gitlab.com/a/b/c/-/tree/dev", "https://gitlab.com/a/b/c", "a/b", "c", "dev"),
        (
            "git@github.com:psf/requests.git",
            "git@github.com:psf/requests.git",
            "psf",
            "requests",
            "",
        ),
        (
            "git@host.example:/srv/git/x.git",
            "ssh://git@host.example/srv/git/x.git",
            "srv/git",
            "x",
            "",
        ),
        (
            "ssh://git@host.example:2222/team/x.git",
            "ssh://git@host.example:2222/team/x.git",
            "team",
            "x",
            "",
        ),
        ("https://host.example:8443/x.git", "https://host.example:8443/x.git", "", "x", ""),
        (
            "https://dev.azure.com/org/project/_git/repo",
            "https://dev.azure.com/org/project/_git/repo",
            "org/project/_git",
            "repo",
            "",
        ),
    ],
)
def test_a_pasted_address_fills_org_name_and_branch(
    pasted: str, url: str, org: str, name: str, branch: str
) -> None:
    address = _parse(pasted)
    assert (address.url, address.org, address.name, address.branch) == (url, org, name, branch)


def test_what_comes_out_goes_in_unchanged() -> None:
    for pasted in ("github.com/psf/requests", "git@host.example:/srv/x.git", "git@h.example:a/b"):
        once = _parse(pasted)
        assert _parse(once.url) == once


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("", "needs an address"),
        ("https://token@github.com/psf/requests", "git token"),
        ("https://me:token@github.com/psf/requests", "git token"),
        ("ssh://git:pw@github.com/psf/requests", "git token"),
        ("http://github.com/psf/requests", "plain http"),
        ("file:///etc", "begins with https"),
        ("git://github.com/psf/requests", "begins with https"),
        ("ext::sh -c id", "special characters"),
        ("ext::sh", "begins with https"),
        ("fd::17", "begins with https"),
        ("--upload-pack=id", "dash"),
        ("https://github.com", "no repository"),
        ("https://github.com/", "no repository"),
        ("https:///psf/requests", "no host"),
        ("https://github.com/psf/../etc", "cannot belong"),
        ("https://github.com/-x/y", "cannot belong"),
        ("https://github.com/psf/requests/blob/main/setup.py", "address of a page"),
        ("https://github.com/psf/requests/pull/1", "address of a page"),
        ("https://host.example:99999/x", "not an address"),
        ("https://ho_st$/x", "special characters"),
        ("https://-x.example/x", "not the name of a host"),
        ("git@-oProxyCommand=id:x/y", "not the name of a host"),
        ("-oProxyCommand=id@host.example:x", "dash"),
        ("/srv/git/x", "begins with https"),
        ("x", "begins with https"),
        ("https://a b/x", "special characters"),
        ("https://github.com/a\n/b", "special characters"),
        ("https://github.com/" + "a" * 2100, "at most"),
        ("https://github.com/.git", "no repository"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(pasted: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        _parse(pasted)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.5",
        "192.168.1.1",
        "169.254.169.254",
        "[::1]",
        "[fd00::1]",
        "localhost",
        "git.localhost",
        "nas.local",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "x.internal",
    ],
)
def test_a_private_host_counts_only_when_the_owner_named_it(host: str) -> None:
    with pytest.raises(AddressError, match="private address"):
        _parse(f"https://{host}/x.git")
    assert _parse(f"https://{host}/x.git", host).host == host
    assert _parse(f"https://{host}:8443/x.git", f"{host}:8443").url == f"https://{host}:8443/x.git"
    with pytest.raises(AddressError, match="private address"):
        _parse(f"https://{host}:8443/x.git", f"{host}:8444")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "1.2.3"])
def test_a_number_that_stands_for_an_address_is_no_host(host: str) -> None:
    with pytest.raises(AddressError):
        _parse(f"https://{host}/x.git")


def test_plain_http_is_for_named_hosts() -> None:
    assert _parse("http://127.0.0.1:8080/x.git", "127.0.0.1:8080").scheme == "http"
    with pytest.raises(AddressError, match="OPENVIBER_GIT_HOSTS"):
        _parse("http://git.example/x.git", "other.example")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_refusal(text: str) -> None:
    try:
        address = _parse(text)
    except AddressError:
        return
    assert address.url.startswith(("https://", "ssh://")) or "@" in address.url
    assert address.name


def test_a_whole_address_among_the_named_hosts_allows_that_one_repository() -> None:
    own = "http://10.0.0.7:3000/sample.git"
    assert parse_repo_url(own, named_hosts=[own]).is_named
    for other in ("http://10.0.0.7:3000/other.git", "http://10.0.0.7/sample.git"):
        with pytest.raises(AddressError):
            parse_repo_url(other, named_hosts=[own])
    assert not parse_repo_url("https://github.com/a/b", named_hosts=[own]).is_named
    assert parse_repo_url("git@10.0.0.7:a/b", named_hosts=["10.0.0.7"]).is_named
