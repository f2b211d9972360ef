"""The vault: tokens and passwords are sealed before they are stored; the keys lie outside the database.

Keys come from EMAILRESPONSE_KEY (several divided by commas, the newest first), else from a file that only
its owner may read, one key a line, the newest first. The newest seals, all open (Fernet: AES-128-CBC and
HMAC-SHA-256, https://github.com/fernet/spec).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from emailresponse.errors import SettingsError

VARIABLE = "EMAILRESPONSE_KEY"
_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR


class Vault:
    """Seals and opens secrets with the keys at hand; the key file is made with the first secret."""

    def __init__(self, keys: Sequence[str], path: Path | None = None) -> None:
        self._path = path
        self._keys = list(keys)

    @classmethod
    def of(cls, db: Path, environment: Mapping[str, str]) -> Vault:
        """Return the vault of a database: by the environment's keys, else by the file `<database>.key`.

        Raises:
            SettingsError: a key is none, or others than its owner may read the file.
        """
        if environment.get(VARIABLE):
            keys = [key.strip() for key in environment[VARIABLE].split(",") if key.strip()]
            return cls(_checked(keys, VARIABLE))
        path = db.with_name(f"{db.name}.key")
        return cls(_read(path), path)

    def seal(self, secret: str) -> str:
        """Return a secret sealed with the newest key."""
        if not self._keys:
            self._make_key()
        return self._fernet().encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str | None:
        """Return the secret; None where no key at hand opens it, or somebody changed it."""
        if not self._keys:
            return None
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def begin_rotation(self) -> None:
        """Let a new key of the file seal from now on; the older ones still open.

        Raises:
            SettingsError: the keys come from the environment, where only its owner can put a new one first.
        """
        if self._path is None:
            raise SettingsError(f"put the new key first: {VARIABLE}={new_key()},OLD-KEY", VARIABLE)
        self._keys.insert(0, new_key())
        self._write()

    def end_rotation(self) -> None:
        """Forget every key of the file but the newest; whatever is sealed was sealed again with it."""
        del self._keys[1:]
        self._write()

    @property
    def is_of_file(self) -> bool:
        """Say whether the keys lie in a file, which rotation may change."""
        return self._path is not None

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self._keys])

    def _make_key(self) -> None:
        self._keys = [new_key()]
        self._write()

    def _write(self) -> None:
        """Put the keys into the file, whole or not at all."""
        if self._path is None:
            raise SettingsError("holds no key", VARIABLE)
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "w") as file:
            file.write("".join(f"{key}\n" for key in self._keys))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


def new_key() -> str:
    """Return a new key, as EMAILRESPONSE_KEY takes it."""
    return Fernet.generate_key().decode()


def _read(path: Path) -> list[str]:
    try:
        mode = path.stat().st_mode
        written = path.read_text("ascii")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("the key file cannot be read", str(path)) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"others may read the key; run: chmod 600 {path}", str(path))
    return _checked(written.split(), str(path))


def _checked(keys: list[str], where: str) -> list[str]:
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError as error:
            raise SettingsError(f"key {number} is none: it takes 32 bytes in base64", where) from error
    if not keys:
        raise SettingsError("holds no key", where)
    return keys
