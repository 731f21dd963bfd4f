"""The ways a message can leave the house. One contract: give it a message, get the other side's answer, or Undelivered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

ADDRESSES = re.compile(r"<?[^\s<>]+@[^\s<>]+>?|\+?\d[\d -]{7,}\d")
"""What an answer may repeat of a person: it is blotted out before it is kept."""

LONGEST_ANSWER = 300


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Outgoing:
    """A message as it leaves. `id` is the same at every try: the other side may know it already."""

    id: str
    address: str = field(repr=False)
    subject: str
    body: str = field(repr=False)
    queued_at: datetime
    attachments: tuple[Attachment, ...] = ()


class Undelivered(Exception):
    """The other side did not take it. `answer` is what is kept of its words.

    `final`: trying again is of no use. `address`: it is the address that is refused. `reached` = False: nobody answered,
    so that other messages need not be tried now. `wait` = seconds the other side asks for.
    """

    def __init__(self, answer: str, *, final: bool = False, address: bool = False, reached: bool = True,
                 wait: int = 0) -> None:
        super().__init__(answer)
        self.answer, self.final, self.address, self.reached, self.wait = plain(answer), final, address, reached, wait


class Channel(Protocol):
    """A way out."""

    def send(self, message: Outgoing) -> str:
        """The other side's answer once it has taken the message; else Undelivered."""


def plain(answer: str) -> str:
    """An answer on one line, without anybody's address."""
    return " ".join(ADDRESSES.sub("…", answer).split())[:LONGEST_ANSWER]
