"""People and posts: who acts, in which capacity, and who may not act twice on one case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.errors import NotAllowed, SamePersonTwice

CAPACITIES = ("definitif", "plh", "plt", "pemohon", "sistem")
"""In which capacity a person acts (formats.md 3); `sistem` is the engine itself."""

ROLES = {"administrator": "Administrator", "auditor": "Auditor", "analis": "Analis proses"}
"""Posts that every office has beside the posts of its processes."""

PREFIXES = {"plh": "Plh. ", "plt": "Plt. "}
"""What stands before the post in a signature block."""


@dataclass(frozen=True)
class Actor:
    """Who acts: ids only. `for_` = the account acted for (delegation, counter), else None."""

    account: str | None
    post: str | None
    capacity: str
    for_: str | None = None

    def record(self) -> dict[str, str | None]:
        """As the journal keeps it."""
        return {"account": self.account, "post": self.post, "capacity": self.capacity, "for": self.for_}

    @classmethod
    def of(cls, record: Mapping[str, str | None]) -> Actor:
        """Back from the journal."""
        return cls(record["account"], record["post"], str(record["capacity"]), record["for"])


SYSTEM = Actor(None, None, "sistem")
"""The engine itself: handlers' receipts, timers, mail."""

VISITOR = Actor(None, None, "pemohon")
"""Somebody who has no account yet and registers."""


@dataclass(frozen=True)
class Appointment:
    """A person holds a post from a day to a day (both inclusive; None = open), by a letter."""

    id: str
    account: str
    post: str
    capacity: str
    starts: date
    ends: date | None
    letter: str

    def holds_on(self, day: date) -> bool:
        """True while the appointment is in force."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def actor(self) -> Actor:
        """The person in this capacity."""
        return Actor(self.account, self.post, self.capacity)


def in_force(appointments: Iterable[Appointment], on: date) -> list[Appointment]:
    """The appointments that hold on a day, definitive ones first, then by id."""
    held = [one for one in appointments if one.holds_on(on)]
    return sorted(held, key=lambda one: (CAPACITIES.index(one.capacity), one.id))


def must_hold(actor: Actor, post: str) -> None:
    """NotAllowed unless the actor acts from this post."""
    if actor.post != post:
        raise NotAllowed(f"{actor.post} is not {post}")


def must_not_repeat(actor: Actor, activity: str, excluded: Collection[str],
                    done: Mapping[str, Collection[str]], names: Mapping[str, str]) -> None:
    """Four eyes: refuses an account that did one of the excluded activities in the current pass of the case.

    `done` maps activity -> accounts that did it; `names` maps activity -> its name for people.
    """
    for other in sorted(excluded):
        if actor.account is not None and actor.account in done.get(other, ()):
            raise SamePersonTwice(names.get(activity, activity), names.get(other, other))
