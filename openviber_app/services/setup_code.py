"""The one-time code that makes the first account: whoever reads the board's console owns it."""

import base64
import secrets

from openviber_app.services.runtime import Runtime
from openviber_app.store import settings_rows, users
from openviber_app.vault.tokens import hash_token

SETTING = "setup_code_hash"
CODE_BYTES = 10
GROUP = 4


async def ensure_setup_code(runtime: Runtime) -> str | None:
    """Make a new code and return it, or return None when the board has its owner."""
    async with runtime.store.write() as db:
        if await users.has_user(db):
            await settings_rows.delete_setting(db, SETTING)
            return None
        code = _new_code()
        await settings_rows.put_setting(db, SETTING, hash_code(code))
    return code


def hash_code(code: str) -> str:
    """Return what is stored of a code: small letters, spaces and missing dashes are forgiven."""
    return hash_token("".join(code.upper().replace("-", "").split()))


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    return "-".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))
