"""Seals the secrets of authenticator apps, so that a copy of the database alone signs nobody in."""

import base64

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

logger = structlog.get_logger("pop_network")


def seal(text: str) -> str:
    """`text` as it is kept in the database: sealed with the first key."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The text that was sealed with any of the keys, or None where none of them opens it (they were lost)."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        logger.error("second_factor_unreadable", hint="SECOND_FACTOR_KEYS is not what it was")
        return None


def _box() -> MultiFernet:
    """All keys open, the first one seals: a new key is put before the old one."""
    return MultiFernet([Fernet(_derived(key)) for key in settings.SECOND_FACTOR_KEYS])


def _derived(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor").derive(key.encode())
    return base64.urlsafe_b64encode(derived)
