"""Settings from the environment, checked once at start with a clear message."""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

# The first, and the one that is tried when it fails. The key of each stands in NAME_KEY.
GATEWAYS = ("SMS_GATEWAY", "SMS_GATEWAY_2")
DEMO_DATABASE = "sqlite:///var/so-tiem.db"


class ConfigError(RuntimeError):
    """A setting is missing or cannot be used; the message names it and says what to do."""


class Config(NamedTuple):
    """database_url: sqlite:///PATH or postgresql://…; secret_key signs sign-ins and may be changed
    (everybody signs in again); data_key seals the audit chain and the photos of citizens, derives
    the PINs on slips, and must stay the same as long as the data; public_url: what the QR on a
    slip begins with; signing_keys: the folder of the keys of certificates, "" where none are
    issued; sms: address and key of the gateway for messages and of the one to turn to when it
    fails; sms_webhook_key signs what the gateway tells us, "" where it tells nothing; sms_number:
    what people text, "" where they are told of none."""

    database_url: str
    secret_key: str
    data_key: str
    public_url: str
    https: bool
    proxies: int
    connections: int
    signing_keys: str = ""
    sms: tuple[tuple[str, str], ...] = ()
    sms_webhook_key: str = ""
    sms_number: str = ""

    def key(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose, derived from data_key."""
        return hmac.new(self.data_key.encode(), purpose.encode(), hashlib.sha256).digest()


def _secret(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if len(value) < 32:
        raise ConfigError(
            f"{name} is missing or shorter than 32 characters. "
            f'Make one with: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    return value


def _whole(env: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    value = env.get(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ConfigError(f"{name} must be a whole number from {least} on, not {value!r}.")
    return int(value)


def _gateway(env: Mapping[str, str], name: str) -> tuple[str, str]:
    """(address, key) of a gateway. A key goes over TLS, or nowhere beyond this machine."""
    url, key = env[name], env.get(f"{name}_KEY", "")
    parts = urlsplit(url)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme == "file" and parts.path and not parts.netloc:
        return url, ""
    if parts.scheme != "https" and not (parts.scheme == "http" and here) or not parts.hostname:
        raise ConfigError(f"{name} must be https://… or file:///FOLDER")
    if not key:
        raise ConfigError(f"{name}_KEY is missing: the key that the gateway knows us by")
    return url, key


def _number(env: Mapping[str, str], name: str) -> str:
    """A short code or a telephone number. Nobody is told to text where nothing is heard."""
    value = env.get(name, "").replace(" ", "")
    if value and not re.fullmatch(r"\+?[0-9]{3,15}", value, re.ASCII):
        raise ConfigError(f"{name} must be the number that people text, as 8899 or 0912345678.")
    if value and not env.get("SMS_WEBHOOK_KEY"):
        raise ConfigError(f"{name} is set, but SMS_WEBHOOK_KEY is not: no message could come in.")
    return value


def load(env: Mapping[str, str] | None = None) -> Config:
    """Read the settings. Raises ConfigError that names the first wrong one."""
    env = os.environ if env is None else env
    url = env.get("DATABASE_URL", DEMO_DATABASE)
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    public_url = env.get("PUBLIC_URL", "").rstrip("/")
    if public_url and not public_url.startswith(("http://", "https://")):
        raise ConfigError("PUBLIC_URL must begin with http:// or https://")
    return Config(
        database_url=url,
        secret_key=_secret(env, "SECRET_KEY"),
        data_key=_secret(env, "DATA_KEY"),
        public_url=public_url,
        https=public_url.startswith("https://"),
        proxies=_whole(env, "PROXIES", 0),
        connections=_whole(env, "DB_CONNECTIONS", 4, least=1),
        signing_keys=env.get("SIGNING_KEYS", ""),
        sms=tuple(_gateway(env, name) for name in GATEWAYS if env.get(name)),
        sms_webhook_key=_secret(env, "SMS_WEBHOOK_KEY") if env.get("SMS_WEBHOOK_KEY") else "",
        sms_number=_number(env, "SMS_NUMBER"),
    )
