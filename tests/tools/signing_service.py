"""A signing service on loopback that speaks the national one's contract (both releases) and really signs.

`moods` says how the next answers go wrong; without one the service does what it should. It keeps what it signed.
"""

from __future__ import annotations

import base64
import io
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from tests.tools.loopback import answering
from tests.tools.people import Issuer, Person

USER, PASSWORD = "aplikasi", "sandi aplikasi"


class SigningService:
    """People known to the service, what it signed, and what it was asked."""

    def __init__(self, issuer: Issuer, *people: Person) -> None:
        self.issuer = issuer
        self.people = {one.identity: one for one in people}
        self.moods: deque[str] = deque()
        self.signed: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.seconds = 0.0
        self.stranger = issuer.person("Orang Lain", "3214000000000099")

    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def sign(self, pdf: bytes, person: Person, mood: str) -> tuple[str, bytes]:
        """A signature, well made or not; kept under its id."""
        made = MADE.get(mood, _plainly)(self, pdf, person)
        reference = f"dok-{len(self.signed) + 1}"
        self.signed[reference] = made
        return reference, made


Made = Callable[[SigningService, bytes, Person], bytes]


def _plainly(service: SigningService, pdf: bytes, person: Person) -> bytes:
    return service.issuer.signed(pdf, person)


def _rewritten(service: SigningService, pdf: bytes, person: Person) -> bytes:
    """As a service does that reads the file and writes it anew before it signs."""
    return service.issuer.signed(_anew(pdf), person)


def _anew(pdf: bytes, change: Callable[[pikepdf.Pdf], None] = lambda paper: None) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        change(paper)
        out = io.BytesIO()
        paper.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _stamped(service: SigningService, pdf: bytes, person: Person) -> bytes:
    """Something drawn over the first page."""
    def change(paper: pikepdf.Pdf) -> None:
        paper.pages[0].contents_add(b"q 1 0 0 rg 100 100 200 20 re f Q")
    return service.issuer.signed(_anew(pdf, change), person)


def _laid_over(service: SigningService, pdf: bytes, person: Person) -> bytes:
    """The same, behind our exact bytes: a reader shows the page as it was changed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"q 1 0 0 rg 100 100 200 20 re f Q")))
    out = io.BytesIO()
    writer.write(out)
    return service.issuer.signed(out.getvalue(), person)


def _twice(service: SigningService, pdf: bytes, person: Person) -> bytes:
    return service.issuer.signed(service.issuer.signed(pdf, person), person, "Tanda2")


def _by_stranger(service: SigningService, pdf: bytes, person: Person) -> bytes:
    return service.issuer.signed(pdf, service.stranger)


def _proved(service: SigningService, pdf: bytes, person: Person) -> bytes:
    """With a trusted time and proofs for later years, as the national service signs."""
    return service.issuer.proved(pdf, person)


MADE: Mapping[str, Made] = {
    "proved": _proved,
    "rewritten": _rewritten, "stamped": _stamped, "laid_over": _laid_over, "twice": _twice, "stranger": _by_stranger,
    "unsigned": lambda service, pdf, person: pdf, "garbage": lambda service, pdf, person: b"<html>gateway</html>",
    "broken": lambda service, pdf, person: service.issuer.signed(pdf, person)[:-900],
    "behind": lambda service, pdf, person: service.issuer.signed(pdf, person) + b"\n% ekor"}


class _Desk(BaseHTTPRequestHandler):
    service: SigningService
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, format: str, *args: Any) -> None:
        """A test reads what was asked from the service."""

    def _answer(self, body: bytes) -> None:
        service = self.service
        service.asked.append(f"{self.command} {self.path}")
        mood = service.moods.popleft() if service.moods else ""
        if self.headers["Authorization"] != service.basic():
            return self._say(401, {"error": "unauthorized"})
        if mood == "down":
            return self._say(503, {"error": "maintenance"})
        if self.path.startswith("/api/sign/download/"):
            return self._download(self.path.rpartition("/")[2], mood)
        if "status" in self.path:
            return self._status(body, mood)
        return self._sign(body, mood)

    def _download(self, reference: str, mood: str) -> None:
        known = self.service.signed.get(reference)
        if known is None or mood == "forgotten":
            return self._say(404, {"error": "not found"})
        return self._send(200, known, {"Content-Type": "application/pdf"})

    def _status(self, body: bytes, mood: str) -> None:
        if mood == "late":
            time.sleep(self.service.seconds)
        identity = json.loads(body)["nik"] if body else self.path.rpartition("/")[2]
        if identity not in self.service.people:
            return self._say(400, {"status_code": 2011, "error": f"User dengan NIK {identity} tidak terdaftar"})
        return self._say(200, {"status": "UNVERIFIED" if mood == "unverified" else "ISSUE"})

    def _sign(self, body: bytes, mood: str) -> None:
        words, pdf = self._words(body)
        person = self.service.people.get(words["nik"])
        if person is None:
            return self._say(400, {"status_code": 2011, "error": f"User dengan NIK {words['nik']} tidak terdaftar"})
        if words["passphrase"] != person.passphrase:
            return self._say(400, {"status_code": 2031, "error": "Passphrase anda salah"})
        if mood == "odd":
            return self._say(400, {"status_code": 2999, "error": f"NIK {words['nik']} tidak sesuai"})
        reference, signed = self.service.sign(pdf, person, mood)
        if mood == "late":
            time.sleep(self.service.seconds)
        if self.path.startswith("/api/v2/"):
            return self._say(200, SECOND.get(mood, _one_file)(signed))
        return self._send(200, signed, {"Content-Type": "application/pdf", "id_dokumen": reference}, mood)

    def _words(self, body: bytes) -> tuple[dict[str, str], bytes]:
        if self.path.startswith("/api/v2/"):
            spoken = json.loads(body)
            assert [one["tampilan"] for one in spoken["signatureProperties"]] == ["INVISIBLE"]
            return {"nik": spoken["nik"], "passphrase": spoken["passphrase"]}, base64.b64decode(spoken["file"][0])
        kind, options = parse_options_header(self.headers["Content-Type"])
        _, form, files = FormDataParser().parse(io.BytesIO(body), kind, len(body), options)
        assert form["tampilan"] == "invisible"
        with files["file"].stream as sent:
            return {"nik": form["nik"], "passphrase": form["passphrase"]}, sent.read()

    def _say(self, status: int, words: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(words).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str], mood: str = "") -> None:
        try:
            self._put(status, body, headers, mood)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True   # whoever asked has gone

    def _put(self, status: int, body: bytes, headers: Mapping[str, str], mood: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if mood == "cut":
            self.close_connection = True
            body = body[:len(body) // 2]
        if mood == "drop_by_drop":
            for place in range(0, len(body), 200):
                self.wfile.write(body[place:place + 200])
                time.sleep(0.05)
            return
        self.wfile.write(body)


def _one_file(signed: bytes) -> dict[str, Any]:
    return {"time": 120, "file": [base64.b64encode(signed).decode()]}


SECOND: Mapping[str, Callable[[bytes], dict[str, Any]]] = {
    "two_files": lambda signed: {"time": 1, "file": [base64.b64encode(signed).decode()] * 2},
    "no_file": lambda signed: {"time": 1}, "not_base64": lambda signed: {"time": 1, "file": ["%%%"]}}


@contextmanager
def running(service: SigningService) -> Iterator[str]:
    """The service's address while it runs."""
    with answering(type("Desk", (_Desk,), {"service": service})) as address:
        yield address
