"""Which key service wraps the board's keys, as a person names it."""

from dataclasses import dataclass
from pathlib import Path

from openviber_app.domain.secret import Secret

LOCAL, AWS, TRANSIT = "local", "aws", "vault"


@dataclass(frozen=True, slots=True, kw_only=True)
class KmsChoice:
    """`KMS=local`, `aws:KEY_ARN` or `vault:KEY_NAME`; the last needs an address and a token."""

    provider: str = LOCAL
    key: str = ""
    address: str = ""
    token: Secret | None = None
    token_file: Path | None = None
    """Read at each call, so that a token which an agent renews is the one that is used."""


def choose_kms(text: str, *, address: str = "", token: str = "", token_file: str = "") -> KmsChoice:
    """Read what a person set.

    Raises:
        ValueError: it names no key service, or something is missing; the message says what.
    """
    provider, _, key = text.partition(":")
    match provider:
        case "" | "local" if not key:
            return KmsChoice()
        case "aws" if key.startswith("arn:"):
            return KmsChoice(provider=AWS, key=key)
        case "vault" if key and "/" not in key and ":" not in key:
            if not address.startswith(("https://", "http://")):
                raise ValueError(f"KMS={text} needs VAULT_ADDR, such as https://vault.example:8200")
            if not token and not token_file:
                raise ValueError(f"KMS={text} needs VAULT_TOKEN_FILE or VAULT_TOKEN")
            return KmsChoice(
                provider=TRANSIT,
                key=key,
                address=address.rstrip("/"),
                token=Secret(token) if token else None,
                token_file=Path(token_file) if token_file else None,
            )
        case _:
            raise ValueError(
                f"KMS={text} is not a key service: use local, aws:KEY_ARN or vault:KEY_NAME"
            )


def provider_of(key_id: str) -> str:
    """Return the service of a key id, which reads `provider:key:version`."""
    return key_id.partition(":")[0]
