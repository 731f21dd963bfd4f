"""One canonical form of values and one hash: the bytes that journals, states and editions are proven by.

A subset of RFC 8785: UTF-8, no white space, ASCII keys in order, NFC strings, integers below 2^53, no floats.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

import orjson

from engine.errors import NotCanonical

LARGEST = 2 ** 53
"""Integers must be smaller than this in magnitude."""


def sha256(raw: bytes) -> str:
    """Lower-case hex of SHA-256."""
    return hashlib.sha256(raw).hexdigest()


def keyed(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.new(key, message, hashlib.sha256).digest()


def canonical(value: object) -> bytes:
    """The canonical bytes of a value; NotCanonical when it has none."""
    return orjson.dumps(_checked(value), option=orjson.OPT_SORT_KEYS)


def canonical_trusted(value: object) -> bytes:
    """As canonical(), for values that came out of canonical bytes or out of the engine itself."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse_trusted(raw: bytes) -> Any:
    """The value of bytes whose digest was compared, or that the engine itself has just written."""
    return orjson.loads(raw)


def parse_canonical(raw: bytes) -> Any:
    """The value of stored bytes; NotCanonical when they are not exactly the canonical form."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique_keys)
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise NotCanonical(f"not JSON: {type(fault).__name__}") from fault
    if canonical(value) != raw:
        raise NotCanonical("bytes differ from the canonical form")
    return value


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a key stands twice")
    return found


def _checked(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, Mapping):
        return {_key(key): _checked(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_checked(inner) for inner in value]
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as fault:
        raise NotCanonical("a lone surrogate") from fault
    return unicodedata.normalize("NFC", value)


def _whole(value: int) -> int:
    if abs(value) >= LARGEST:
        raise NotCanonical("integer too large")
    return value


def _key(key: object) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonical(f"key {key!r} is not ASCII text")
    return key
