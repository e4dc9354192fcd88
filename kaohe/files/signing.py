"""A key of this installation, kept outside every folder of data: what it signed, kaohe wrote here and nobody sent.

It lies with the user's other settings. Where none can be kept there, a run signs with a key of its own: should it be
killed, no later run takes up what it left.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from kaohe.files.kept import DamagedError, kept_bytes

LENGTH = 32


def signature(text: str) -> str:
    return hmac.new(_key(_key_file()), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_signed(text: str, sign: object) -> bool:
    return isinstance(sign, str) and hmac.compare_digest(signature(text).encode(), sign.encode("utf-8", "replace"))


def _key_file() -> Path | None:
    """Where the key is kept; None where the user has no such place."""
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_STATE_HOME", "")
    try:
        folder = Path(base) if base and Path(base).is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    return folder / "kaohe" / "key"


@cache
def _key(path: Path | None) -> bytes:
    """The key kept at `path`, made the first time."""
    made = secrets.token_bytes(LENGTH)
    if path is None:
        return made
    try:
        return _kept(path) or _keep(path, made)
    except (OSError, DamagedError):
        return made


def _kept(path: Path) -> bytes:
    try:
        content = kept_bytes(path, most=LENGTH)
    except FileNotFoundError:
        return b""
    return content if len(content) == LENGTH else b""


def _keep(path: Path, made: bytes) -> bytes:
    """Whole or not at all, and for the user alone; of two runs that make one at once both take the last."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"key.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(handle)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return _kept(path) or made
