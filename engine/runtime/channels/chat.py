"""WhatsApp through an office's gateway, over HTTP. The contract is whatsapp-gateway.md beside this file; off by default."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from engine.runtime.channels import Outgoing, Undelivered, plain
from engine.wire import Answer, Asked, Question, Unanswered

NUMBER = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
UNUSABLE = "nomor telepon tidak dapat dipakai"
LONGEST = 4000
LONGEST_WAIT = 3600
AT_FAULT = (400, 404, 410, 422)
"""The gateway will never take this message: its number or its text is wrong."""


def international(phone: str) -> str:
    """A number as people write it here, as the world dials it; Undelivered when it is none."""
    digits = re.sub(r"[\s().-]", "", phone)
    number = f"+62{digits[1:]}" if digits.startswith("0") else f"+{digits}" if digits.startswith("62") else digits
    if not NUMBER.fullmatch(number):
        raise Undelivered(UNUSABLE, final=True, address=True)
    return number


@dataclass(frozen=True)
class ChatGateway:
    """A gateway that sends on. Attachments stay in the house; the text leads to them."""

    service: Asked
    token: str = field(repr=False)

    def send(self, message: Outgoing) -> str:
        """The gateway's name for the message."""
        text = f"{message.subject}\n\n{message.body}"[:LONGEST]
        words = {"to": international(message.address), "text": text, "reference": message.id}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}",
                   "Idempotency-Key": message.id}
        try:
            answer = self.service.ask(Question("POST", "/messages", headers, json.dumps(words).encode()))
        except Unanswered as silence:
            raise Undelivered(f"gerbang pesan tidak menjawab ({silence.kind})", reached=False) from None
        return _taken(answer)


def _taken(answer: Answer) -> str:
    words = _words(answer)
    told = plain(f"{answer.status} {words.get('error') or words.get('id') or ''}")
    if answer.status in (200, 201, 202) and words.get("id"):
        return told
    if answer.status in AT_FAULT:
        raise Undelivered(told, final=True, address=words.get("error") == "unknown_number")
    wait = answer.headers.get("retry-after", "")
    raise Undelivered(told, reached=answer.status not in (401, 403, 429, 503),
                      wait=min(int(wait), LONGEST_WAIT) if wait.isascii() and wait.isdigit() else 0)


def _words(answer: Answer) -> dict[str, object]:
    try:
        spoken = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return spoken if isinstance(spoken, dict) else {}
