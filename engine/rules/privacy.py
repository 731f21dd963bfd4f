"""Who may see a person's particulars, and how do they look to everyone else? A mask keeps enough to recognise."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from engine.rules.people import Actor

DOT = "•"
_DIGITS = re.compile(r"[0-9]{16}")
_PHONE = re.compile(r"\+?[0-9][0-9 .()-]{6,18}[0-9]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def mask_nik(nik: str) -> str:
    """3214••••••••0001."""
    return f"{nik[:4]}{DOT * 8}{nik[-4:]}"


def mask_email(address: str) -> str:
    """s••••@contoh.id: the length of the name is hidden too."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}{DOT * 4}@{domain}"


def mask_phone(number: str) -> str:
    """0812••••678."""
    plain = re.sub(r"[^0-9+]", "", number)
    return f"{plain[:4]}{DOT * 4}{plain[-3:]}"


def mask_text(text: str) -> str:
    """A personal text by its look: NIK, e-mail address, telephone number, else the first letter of each word."""
    if _DIGITS.fullmatch(text):
        return mask_nik(text)
    if _EMAIL.fullmatch(text):
        return mask_email(text)
    if _PHONE.fullmatch(text):
        return mask_phone(text)
    return " ".join(word[:1] + DOT * 4 for word in text.split())


def mask_values(values: Mapping[str, object], personal: Collection[str], within: str = "") -> dict[str, object]:
    """The values of a form with every personal key masked; the others as they stand.

    `personal` are dotted keys as Form.personal gives them: "nik", "tim.nama" for the key in every row of a list.
    """
    return {key: _masked(value) if f"{within}{key}" in personal else _inside(value, personal, f"{within}{key}.")
            for key, value in values.items()}


def _inside(value: object, personal: Collection[str], within: str) -> object:
    if isinstance(value, Mapping):
        return mask_values(value, personal, within)
    if isinstance(value, (list, tuple)):
        return [_inside(one, personal, within) for one in value]
    return value


def _masked(value: object) -> object:
    """A personal value without what it says: a list keeps its length, an answer not given stays empty."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, (list, tuple)):
        return [_masked(one) for one in value]
    return value if value is None else DOT * 4


def may_see_personal(actor: Actor, applicant: str | None, posts: Collection[str]) -> bool:
    """May this actor read the personal values of a case in clear?

    `applicant` is the account whose case it is, `posts` are the posts that work on it (the lanes of its process).
    The applicant of the case and whoever acts from such a post may; an auditor, an analyst and an administrator read
    them masked, and so does anyone else. The engine itself may: letters are made from the values.
    """
    if actor.capacity == "sistem":
        return True
    if actor.capacity == "pemohon":
        return actor.account is not None and actor.account == applicant
    return actor.post is not None and actor.post in posts
