"""A person before a browser that speaks real HTTP: signs in, fills in forms, sends files, and says when nobody answers."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from lxml import html

from engine.authoring.props import content_of
from engine.rules.form import Field, Form

PATIENCE = 30.0
"""Seconds for one answer."""

UNAVAILABLE = 503

Pairs = list[tuple[str, Any]]


class NobodyAnswers(Exception):
    """The server is gone, died before its answer was out, or says that it cannot serve anybody now."""


class Refused(Exception):
    """The server answered, and said no."""

    def __init__(self, status: int, page: str) -> None:
        super().__init__(f"{status}: {words_of(page)[:1500]}")
        self.status = status


def words_of(page: str) -> str:
    """What a page says, in one line."""
    main = html.fromstring(page).xpath("//main") if page.strip() else []
    return " ".join(main[0].text_content().split()) if main else page[:300]


class Person:
    """One browser with its cookies. `address` says where the office is to be found now."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        # Never through a proxy of the surroundings: the office stands on this machine.
        self._browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Any:
        """A page, read."""
        return html.fromstring(self._asked(Request(self._address() + path)))

    def send(self, path: str, answers: Pairs) -> Any:
        """The page that follows a form sent with these answers; a file is (name, content)."""
        if any(isinstance(value, tuple) for _, value in answers):
            body, kind = _multipart(answers)
        else:
            body, kind = urlencode(answers).encode(), "application/x-www-form-urlencoded"
        return html.fromstring(self._asked(Request(self._address() + path, body, {"Content-Type": kind})))

    def _asked(self, request: Request) -> str:
        try:
            with self._browser.open(request, timeout=PATIENCE) as answer:
                return str(answer.read().decode())
        except HTTPError as refusal:
            if refusal.code == UNAVAILABLE:
                raise NobodyAnswers(str(refusal.code)) from refusal
            raise Refused(refusal.code, _rest(refusal)) from refusal
        except (OSError, HTTPException) as silence:
            raise NobodyAnswers(type(silence).__name__) from silence

    # --- what people do ---

    def sign_in(self, username: str, password: str) -> None:
        """Through the sign-in page."""
        self.send("/masuk", [*asked(self.get("/masuk"), "nama_pengguna", nama_pengguna=username, kata_sandi=password)])

    def choose_password(self, link: str, password: str) -> None:
        """Through the link of the activation mail."""
        self.send(link, asked(self.get(link), "kata_sandi", kata_sandi=password, ulangi=password))

    def fill_in(self, path: str, form: Form, values: Mapping[str, Any], secret: str | None) -> None:
        """Open a form, type over it what is to be typed, send it; who is shown it once more sends it again."""
        page = self.get(path)
        shown = page.get_element_by_id("isian").form_values()
        typed = [*shown_besides(shown, values), *as_sent(form.fields, values), ("_aksi", "kirim")]
        typed += [(key, secret) for key in form.secrets if secret is not None]
        after = self.send(path, typed)
        again = [one for one in after.forms if (one.action or "").endswith("/kirim")]
        if again:
            self.send(again[0].action, again[0].form_values())

    def withdraw(self, case: str, reason: str) -> None:
        """Take an application back."""
        path = f"/permohonan/{case}/cabut"
        self.send(path, asked(self.get(path), "alasan", alasan=reason))


def _rest(refusal: HTTPError) -> str:
    try:
        return refusal.read().decode(errors="replace")
    except (OSError, HTTPException) as silence:
        raise NobodyAnswers(type(silence).__name__) from silence


def asked(page: Any, field: str, **typed: str) -> Pairs:
    """What the form with this field sends when something is typed into it."""
    form = next(one for one in page.forms if field in one.fields)
    return [(name, value) for name, value in form.form_values() if name not in typed] + list(typed.items())


def shown_besides(shown: Iterable[tuple[str, str]], values: Mapping[str, Any]) -> Pairs:
    """What the page sends by itself, without the fields and rows that are typed over."""
    return [(name, value) for name, value in shown if name.partition(".")[0] not in values]


def as_sent(fields: Iterable[Field], values: Mapping[str, Any], prefix: str = "") -> Pairs:
    """Plain values as a browser sends them: tokens of options, rows by number, a token of a file as the file itself."""
    sent: Pairs = []
    for one in fields:
        if one.kind == "group":
            sent += as_sent(one.children, values, prefix)
        elif one.key in values:
            sent += _field_as_sent(one, values[one.key], f"{prefix}{one.key}")
    return sent


def _field_as_sent(one: Field, value: Any, name: str) -> Pairs:
    if one.kind == "dynamiclist":
        marks = {one.source.key} if one.source is not None else set()
        return [pair for number, row in enumerate(value)
                for pair in [*((f"{name}.{number}.{mark}", row[mark]) for mark in marks),
                             *as_sent(one.children, row, f"{name}.{number}.")]]
    if one.kind == "checkbox":
        return [(name, "on")] if value else []
    if one.kind == "filepicker":
        return [(name, (token, content_of(token))) for token in (value if isinstance(value, list) else [value])]
    return [(name, _token(token)) for token in (value if isinstance(value, list) else [value])]


def _token(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _multipart(answers: Pairs) -> tuple[bytes, str]:
    edge, parts = secrets.token_hex(16), []
    for name, value in answers:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, tuple):
            head += f'; filename="{value[0]}"\r\nContent-Type: application/octet-stream'
        parts.append(head.encode() + b"\r\n\r\n" + (value[1] if isinstance(value, tuple) else value.encode()) + b"\r\n")
    return b"".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"
