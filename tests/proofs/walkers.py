"""People of an office that keeps dying: each walker takes one case after another along a story, and tries again."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from engine.assembly import Engine
from engine.clock import local, stamp
from engine.identity import hash_password
from engine.rules.scenario import Scenario
from engine.store import cases, directory, journal, messages
from engine.store.cases import CaseRow
from engine.store.database import StoreUnavailable
from engine.store.directory import AccountRow
from engine.store.messages import MessageRow
from tests.proofs.http_people import NobodyAnswers, Person, Refused
from tests.proofs.mortal import Mortal
from tests.proofs.story import Deed, next_deed

PASSWORD = "kata sandi pembuktian"
LINK = re.compile(r"/aktifkan/[\w-]+")
PAUSE = .2
LEFT_LYING = (2, 12)
"""Seconds that somebody slow lets a task lie."""
IN_PARALLEL = 6
"""By how much likelier an application is taken back while several tasks wait."""


@dataclass
class Town:
    """What all walkers share."""

    engine: Engine
    stories: Sequence[Scenario]
    process: str
    webs: Sequence[Mortal]
    hashed: str = field(default_factory=lambda: hash_password(PASSWORD))
    troubles: list[str] = field(default_factory=list)
    fickle: float = 0.0
    slow: float = 0.0
    overtaken: Collection[int] = (409,)
    people: dict[str, Person] = field(default_factory=dict)
    door: threading.Lock = field(default_factory=threading.Lock)
    no_more_cases: bool = False
    over: bool = False

    def address(self) -> str:
        """Where the office answers now, as far as one can tell from outside."""
        living = [one for one in self.webs if one.ended is None] or list(self.webs)
        chosen = max(living, key=lambda one: (time.monotonic() - one.born > 4, random.random()))
        return f"http://127.0.0.1:{chosen.name.partition('-')[2]}"

    def person(self, username: str) -> Person:
        """Somebody who is signed in; the session outlives every process."""
        with self.door:
            if username not in self.people:
                person = Person(self.address)
                person.sign_in(username, PASSWORD)
                self.people[username] = person
            return self.people[username]

    def letters_of(self, row: MessageRow) -> list[str]:
        """The text of every letter that went out for a message."""
        path = self.engine.mail.written(row)
        return [path.read_text()] if path is not None else []

    def new_applicant(self) -> AccountRow:
        """Somebody who has an account already."""
        engine = self.engine
        name = engine.clock.new_id()
        row = AccountRow(name, name, f"Pemohon {name[-4:]}", f"{name}@contoh.example", False, True,
                         stamp(engine.clock.now()), password=self.hashed)
        while True:
            try:
                with engine.database.transaction() as connection:
                    directory.save_account(connection, row)
                return row
            except StoreUnavailable:
                time.sleep(PAUSE)


class Walker(threading.Thread):
    """Takes cases along until there are to be no more."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.town, self.chance = town, chance

    def run(self) -> None:
        """One case after another."""
        while not (self.town.no_more_cases or self.town.over):
            story = self.chance.choice(self.town.stories)
            try:
                case = self._begun(story)
                while case is not None and not self.town.over and not self._step(case, story):
                    time.sleep(PAUSE)
            except Exception as fault:   # a walker that falls over is a finding, and the others walk on
                self.town.troubles.append(f"walker in {story.id}: {type(fault).__name__}: {fault}")

    # --- the beginning ---

    def _begun(self, story: Scenario) -> str | None:
        first = story.steps[0]
        return self._registered(story) if first.values else self._applied(first.name)

    def _applied(self, message: str) -> str | None:
        row, path = self.town.new_applicant(), f"/{message}/{self.town.process}"
        while not self.town.over:
            try:
                who = self.town.person(row.username)
                who.send(path, [(name, value) for form in who.get("/permohonan").forms if form.action == path
                                for name, value in form.form_values()])
            except NobodyAnswers:
                time.sleep(PAUSE)
            with self.town.engine.database.reading() as connection:
                begun = cases.of_applicant(connection, row.id)
            if begun:
                return begun[0].id
        return None

    def _registered(self, story: Scenario) -> str | None:
        engine, first = self.town.engine, story.steps[0]
        edition = engine.catalog.current(self.town.process)
        form = edition.form_of(engine.desks.start(self.town.process, first.name, "").activity)
        address = f"{engine.clock.new_id()}@contoh.example"
        key = edition.process.account["surel"].rpartition(".")[2]
        while not self.town.over:
            try:
                visitor, typed = Person(self.town.address), {**first.values, key: address}
                visitor.fill_in(f"/{first.name}/{self.town.process}", form, typed, None)
            except NobodyAnswers:
                time.sleep(PAUSE)
            found = self._case_of(key, address)
            if found is not None:
                return found
        return None

    def _case_of(self, key: str, address: str) -> str | None:
        """The newest case that was begun with this address."""
        with self.town.engine.database.reading() as connection:
            for case in reversed(cases.all_ids(connection)):
                first = journal.read_kinds(connection, case, ("completed",))[:1]
                if first and first[0].body.get(f"isian.{key}") == address:
                    return case
        return None

    # --- the way ---

    def _step(self, case: str, story: Scenario) -> bool:
        """Do what can be done now; True once the case is at its end."""
        engine = self.town.engine
        with engine.database.reading() as connection:
            row = cases.find(connection, case)
            waiting = cases.tasks(connection, case, only_open=True)
            done = [one.body for one in journal.read_kinds(connection, case, ("completed", "message"))]
        assert row is not None
        withdrawn = any("name" in one for one in done)
        completed = [one["activity"] for one in done if "activity" in one]
        deed = next_deed(story, completed, waiting, local(engine.clock.now()).date())
        if deed is not None and self.chance.random() < self.town.slow:
            time.sleep(self.chance.uniform(*LEFT_LYING))
        elif deed is not None and row.ended_at is None and not withdrawn:
            # Where several wait, one who goes on and one who takes back can both be in time.
            likely = self.town.fickle * (1 if len(waiting) == 1 else IN_PARALLEL)
            if row.applicant is not None and self.chance.random() < likely:
                self._both(row, deed)
            else:
                self._tried(row, deed)
        return row.ended_at is not None

    def _both(self, row: CaseRow, deed: Deed) -> None:
        """The applicant takes the application back in the very moment in which somebody else goes on with it."""
        other = threading.Thread(target=self._tried, args=(row, Deed(None, {}, "", "Berubah pikiran")), daemon=True)
        other.start()
        time.sleep(self.chance.uniform(0, .3))
        self._tried(row, deed)
        other.join()

    def _tried(self, row: CaseRow, deed: Deed) -> None:
        try:
            self._do(row, deed)
        except NobodyAnswers:
            time.sleep(PAUSE)
        except Refused as refusal:
            if refusal.status not in self.town.overtaken:
                what = deed.task.activity if deed.task else "withdraw"
                self.town.troubles.append(f"case {row.id}, {what}: {refusal}")
                time.sleep(5 * PAUSE)

    def _do(self, row: CaseRow, deed: Deed) -> None:
        edition = self.town.engine.catalog.edition(row.edition)
        lane = edition.process.applicant_lane
        if deed.task is None:
            self._applicant(row).withdraw(row.id, deed.reason)
            return
        is_theirs = lane is not None and deed.task.post == lane.post
        who = self._applicant(row) if is_theirs else self.town.person(deed.task.post)
        form = edition.form_of(deed.task.activity)
        who.fill_in(f"/tugas/{row.id}/{deed.task.task}", form, deed.values, deed.secret if form.secrets else None)

    # --- the people ---

    def _applicant(self, row: CaseRow) -> Person:
        """The applicant of a case; one whose account was made in it chooses a password by the link in the mail first."""
        with self.town.engine.database.reading() as connection:
            account = directory.account(connection, row.applicant or "")
        if account is None:
            raise NobodyAnswers("the account is not there yet")
        if account.password is None:
            Person(self.town.address).choose_password(self._link(row, account), PASSWORD)
        return self.town.person(account.username)

    def _link(self, row: CaseRow, account: AccountRow) -> str:
        with self.town.engine.database.reading() as connection:
            sent = [one for one in messages.of_case(connection, row.id) if one.recipient == account.id]
        links = [found for one in sent for text in self.town.letters_of(one) for found in LINK.findall(text)]
        if not links:
            raise NobodyAnswers("the mail is still under way")
        return links[-1]
