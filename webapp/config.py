"""Settings from the environment. A wrong one stops the start and says which it is."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from webapp import mail_server, private_redis
from webapp.mail_server import MailServer, MailSettingError
from webapp.rules import extra_channel, web_address
from webapp.rules.extra_channel import ExtraAddressError
from webapp.rules.push_endpoint import SubscriptionError, check_contact

SHORTEST_SECRET = 32
MEGABYTE = 1024 * 1024


class SettingError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that Baton takes from its environment. Paths are absolute."""

    data_dir: Path
    database_url: str
    redis_url: str | None
    host: str
    port: int
    public_url: str
    secret_key: str = field(repr=False)
    push_contact: str | None = None
    push_hosts: tuple[str, ...] = ()
    push_insecure: bool = False
    test_clock: bool = False
    heartbeat_url: str | None = None
    timestamp_url: str | None = field(default=None, repr=False)
    mail: MailServer | None = None
    extra_schemes: tuple[str, ...] = ()
    disk_reserve: int = 256 * MEGABYTE

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings, or raise `SettingError` naming the first one that is wrong."""
        env = os.environ if environ is None else environ
        data_dir = _data_dir(env)
        port = _port(env)
        return cls(
            data_dir=data_dir,
            database_url=_database_url(env, data_dir),
            redis_url=_redis_url(env),
            host=env.get("HOST", "127.0.0.1"),
            port=port,
            public_url=_public_url(env, port),
            secret_key=_secret_key(env, data_dir),
            push_contact=_push_contact(env),
            push_hosts=_push_hosts(env),
            push_insecure=_switch(env, "BATON_PUSH_INSECURE"),
            test_clock=_switch(env, "BATON_TEST_CLOCK"),
            heartbeat_url=_address(
                env, "BATON_HEARTBEAT_URL", web_address.is_sure, "https://monitor.example/ping"
            ),
            timestamp_url=_address(
                env, "BATON_TIMESTAMP_URL", web_address.is_one, "https://stamps.example/tsr"
            ),
            mail=_mail(env),
            extra_schemes=_extra_schemes(env),
            disk_reserve=_disk_reserve(env),
        )

    @property
    def blob_dir(self) -> Path:
        """Where photos and files lie, by their SHA-256."""
        return self.data_dir / "blobs"

    @property
    def is_secure(self) -> bool:
        """Whether people reach Baton over https, so that cookies can insist on it."""
        return self.public_url.startswith("https://")

    @property
    def redis_address(self) -> str:
        """Where Redis answers: the given one, else the private one that `baton up` runs."""
        return self.redis_url or private_redis.url(self.data_dir)


def _data_dir(env: Mapping[str, str]) -> Path:
    path = Path(env.get("BATON_DATA_DIR") or "var").absolute()
    if any(character in str(path) for character in "?#%"):
        raise SettingError(f"BATON_DATA_DIR: {path} has a ?, # or % in it. Name another directory.")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"BATON_DATA_DIR: {path} cannot be made ({error.strerror}). Name another directory."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK) or _is_read_only(path):
        raise SettingError(
            f"BATON_DATA_DIR: {path} cannot be written to. Change its rights or name another one."
        )
    return path


def _is_read_only(path: Path) -> bool:
    """Try to write: access rights alone say nothing for root or a read-only mount."""
    probe = path / f".probe-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return True
    return False


def _port(env: Mapping[str, str]) -> int:
    text = env.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingError(f"PORT: {text!r} is not a port. Use a number from 1 to 65535.")
    return int(text)


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'baton.sqlite3'}"
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    if scheme in ("sqlite", "postgresql+psycopg"):
        return url
    raise SettingError(
        f"DATABASE_URL: {scheme!r} is not supported. Use sqlite:///… or postgresql://…"
    )


def _disk_reserve(env: Mapping[str, str]) -> int:
    text = env.get("BATON_DISK_RESERVE_MB") or "256"
    if not text.isdecimal() or len(text) > 9:
        raise SettingError(f"BATON_DISK_RESERVE_MB: {text!r} is not a number of megabytes.")
    return int(text) * MEGABYTE


def _redis_url(env: Mapping[str, str]) -> str | None:
    url = env.get("REDIS_URL") or None
    if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise SettingError("REDIS_URL: use redis://…, rediss://… or unix://…")
    return url


def _public_url(env: Mapping[str, str], port: int) -> str:
    url = (env.get("BATON_PUBLIC_URL") or f"http://localhost:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise SettingError(
            f"BATON_PUBLIC_URL: {url!r} is not an address like https://baton.example.org"
        )
    return url


def _push_hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    hosts = tuple(env.get("BATON_PUSH_HOSTS", "").replace(",", " ").split())
    for host in hosts:
        if not re.fullmatch(r"(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+", host):
            raise SettingError(
                f"BATON_PUSH_HOSTS: {host!r} is not a host. Write it like push.example.org or "
                "*.push.example.org."
            )
    return hosts


def _mail(env: Mapping[str, str]) -> MailServer | None:
    url = env.get("SMTP_URL") or None
    if url is None:
        return None
    try:
        return mail_server.read(url, env.get("BATON_MAIL_FROM") or None)
    except MailSettingError as error:
        raise SettingError(str(error)) from error


def _extra_schemes(env: Mapping[str, str]) -> tuple[str, ...]:
    schemes = tuple(env.get("BATON_EXTRA_SCHEMES", "").lower().replace(",", " ").split())
    for scheme in schemes:
        try:
            extra_channel.check_added(scheme)
        except ExtraAddressError as error:
            raise SettingError(f"BATON_EXTRA_SCHEMES: {error}") from error
    return schemes


def _secret_key(env: Mapping[str, str], data_dir: Path) -> str:
    given = env.get("SECRET_KEY")
    if given and len(given) < SHORTEST_SECRET:
        raise SettingError(
            f"SECRET_KEY: use at least {SHORTEST_SECRET} random characters, or leave it unset."
        )
    return given or _kept_secret(data_dir)


def _push_contact(env: Mapping[str, str]) -> str | None:
    """Check the VAPID subject here: Apple refuses every message of a contact on localhost."""
    contact = env.get("BATON_PUSH_CONTACT") or None
    if contact is None:
        return None
    try:
        check_contact(contact)
    except SubscriptionError as error:
        raise SettingError(
            "BATON_PUSH_CONTACT: use mailto:you@your-domain or https://your-domain; "
            "push services refuse others."
        ) from error
    return contact


def _address(
    env: Mapping[str, str], name: str, is_fit: Callable[[str], bool], example: str
) -> str | None:
    url = env.get(name) or None
    if url and not is_fit(url):
        raise SettingError(f"{name}: use an address like {example}.")
    return url


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name) or "0"
    if text not in ("0", "1"):
        raise SettingError(f"{name}: use 1 (on) or 0 (off), not {text!r}.")
    return text == "1"


def _kept_secret(data_dir: Path) -> str:
    """Return the installation's own secret, made on the first start.

    Written beside and linked into place, so that two processes starting at once agree on one.
    """
    path = data_dir / "secret_key"
    if not path.exists():
        mine = data_dir / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(48))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    secret = path.read_text().strip()
    if len(secret) < SHORTEST_SECRET:
        raise SettingError(f"SECRET_KEY: {path} is damaged. Restore it, or set SECRET_KEY.")
    return secret
