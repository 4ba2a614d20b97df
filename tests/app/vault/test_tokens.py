from hashlib import sha256

from openviber_app.vault.tokens import hash_token, new_token


def test_a_token_has_its_prefix_and_256_random_bits() -> None:
    tokens = {new_token("ov_node_") for _ in range(100)}
    assert len(tokens) == 100
    assert all(token.startswith("ov_node_") and len(token) == 8 + 43 for token in tokens)
    assert new_token().startswith("ov_")


def test_only_a_hash_is_stored() -> None:
    assert hash_token("ov_x") == sha256(b"ov_x").hexdigest()
