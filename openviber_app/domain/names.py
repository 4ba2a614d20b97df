"""Names of variables: their form, and the ones that an environment may not set."""

import re

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NAME_MAX = 255

_OWN = "OpenViber sets it itself for every script"
_SHELL = "it changes how the shell reads every script"
_LOADER = "it makes every program load other code"
_GIT = "it changes what git runs or whom it trusts; use the environment's git settings"
_SSH = "it changes how git proves itself; use the environment's git settings"

_RESERVED = {
    **dict.fromkeys(("PATH", "HOME", "LANG", "PWD", "OLDPWD"), _OWN),
    **dict.fromkeys(
        (
            "BASH_ENV",
            "BASHOPTS",
            "CDPATH",
            "ENV",
            "EUID",
            "GLOBIGNORE",
            "IFS",
            "POSIXLY_CORRECT",
            "PPID",
            "PROMPT_COMMAND",
            "PS4",
            "SHELL",
            "SHELLOPTS",
            "SHLVL",
            "UID",
            "_",
        ),
        _SHELL,
    ),
    **dict.fromkeys(
        (
            "GCONV_PATH",
            "LOCPATH",
            "PERL5LIB",
            "PERL5OPT",
            "PYTHONHOME",
            "PYTHONINSPECT",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "RUBYLIB",
            "RUBYOPT",
        ),
        _LOADER,
    ),
    **dict.fromkeys(("SSH_ASKPASS", "SSH_AUTH_SOCK", "SSH_AGENT_PID"), _SSH),
}
_RESERVED_PREFIXES = (
    ("VIBER_", "names that begin with VIBER_ belong to OpenViber"),
    ("OPENVIBER_", "names that begin with OPENVIBER_ belong to OpenViber"),
    ("LD_", _LOADER),
    ("DYLD_", _LOADER),
    ("BASH_FUNC_", _SHELL),
    ("GIT_AUTHOR_", "set the environment's author name and address instead"),
    ("GIT_COMMITTER_", "set the environment's author name and address instead"),
    ("GIT_", _GIT),
)


def name_problem(name: str) -> str | None:
    """Return why a variable may not have this name, or None."""
    if not name:
        return "a variable needs a name"
    if len(name) > NAME_MAX:
        return f"a name has at most {NAME_MAX} characters"
    if NAME.fullmatch(name) is None:
        return "a name has letters, digits and _ only, and does not begin with a digit"
    reason = _RESERVED.get(name) or next(
        (why for prefix, why in _RESERVED_PREFIXES if name.startswith(prefix)), None
    )
    return f"{name} cannot be set: {reason}" if reason else None
