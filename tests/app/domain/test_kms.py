import pytest

from openviber_app.domain.kms import KmsChoice, choose_kms, provider_of

ARN = "arn:aws:kms:eu-central-1:123456789012:key/one"


def test_nothing_set_is_the_key_file() -> None:
    assert choose_kms("") == choose_kms("local") == KmsChoice()


def test_a_service_is_named_with_its_key() -> None:
    assert (choose_kms(f"aws:{ARN}").provider, choose_kms(f"aws:{ARN}").key) == ("aws", ARN)
    vault = choose_kms("vault:board", address="https://vault.test/", token="s.token")
    assert (vault.key, vault.address) == ("board", "https://vault.test")
    assert "s.token" not in repr(vault)


@pytest.mark.parametrize(
    "text", ["local:x", "aws", "aws:key", "vault:", "vault:a/b", "gcp:key", "vault:a:b"]
)
def test_what_names_no_service_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="use local, aws:KEY_ARN or vault:KEY_NAME"):
        choose_kms(text, address="https://vault.test", token="t")


def test_vault_needs_an_address_and_a_token() -> None:
    with pytest.raises(ValueError, match="VAULT_ADDR"):
        choose_kms("vault:board", token="t")
    with pytest.raises(ValueError, match="VAULT_TOKEN"):
        choose_kms("vault:board", address="https://vault.test")


def test_a_key_id_begins_with_its_service() -> None:
    assert provider_of(f"aws:{ARN}:2") == "aws"
