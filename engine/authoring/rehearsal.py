"""One scenario played on a stage: invented people do what the file says, and each step is followed by a look around.

The stage is a real engine over an empty folder with a clock that the scenario moves; nothing is left out or pretended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.administration import NewAccount, NewAppointment
from engine.authoring.aftermath import Aftermath
from engine.authoring.props import content_of
from engine.authoring.stage import Stage
from engine.clock import local, parse_stamp, stamp
from engine.errors import FormRefused, NotFound, Refusal
from engine.rules.form import Fault, Field
from engine.rules.people import SYSTEM, VISITOR, Actor
from engine.rules.scenario import ADMINISTRATOR, Expected, Scenario, ScenarioRefused, Step
from engine.runtime import dossier
from engine.runtime.advance import Start, inspect, start
from engine.runtime.catalog import Edition
from engine.store import cases, directory
from engine.store.cases import CaseRow, TaskRow
from engine.store.directory import AccountRow

APPLICANT = "pemohon"
"""The capacity of an applicant; also the account of the one who applies without registering first."""

PASSPHRASE = "frasa sandi skenario"
"""What a signer types when the step does not say otherwise."""

HOLDER = "kunjungan-skenario"
"""Under this name a visitor's uploads wait for the case."""

IDENTITIES = 3214000000000000
"""From here on the invented identity numbers of officers count up."""

MOST_ROUNDS = 60


@dataclass(frozen=True)
class Seen:
    """What was found after a step: as Expected, or a refusal's code and what it said to the person.

    `stuck` = automatic steps that did not end.
    """

    then: Expected | None
    refused: str | None = None
    said: str = ""
    stuck: tuple[str, ...] = ()


@dataclass
class Rehearsal:
    """The scenario while it is played."""

    stage: Stage
    edition: Edition
    scenario: Scenario
    accounts: dict[str, str] = field(default_factory=dict)
    case: str = ""

    def __post_init__(self) -> None:
        self._aftermath = Aftermath(self.stage, self.edition)

    def play(self) -> list[Seen]:
        """Every step in order; after a step that got stuck nothing more is tried."""
        self._cast()
        seen: list[Seen] = []
        for step in self.scenario.steps:
            seen.append(self._played(step))
            if seen[-1].stuck:
                break
        return seen

    # --- the people ---

    def _cast(self) -> None:
        """One holder for every post of the process, the people of the scenario, and an applicant."""
        process = self.edition.process
        for post in process.posts.values():
            self._officer(post.id, f"Contoh {post.name}", (post.id,))
        for person in self.scenario.people.values():
            self._officer(person.id, person.name, person.posts)
        self._officer(ADMINISTRATOR, "Administrator Contoh", ())
        row = AccountRow(self.stage.clock.new_id(), "pemohon.skenario", "Pemohon Skenario", "pemohon@contoh.example",
                         False, True, stamp(self.stage.clock.now()), password="-", phone="081200000009")
        with self.stage.database.transaction() as connection:
            directory.save_account(connection, row)
        self.accounts[APPLICANT] = row.id

    def _officer(self, name: str, full_name: str, posts: tuple[str, ...]) -> None:
        stage, process = self.stage, self.edition.process
        wanted = NewAccount(name.replace("_", "."), full_name, f"{name}@contoh.example",
                            identity=f"{IDENTITIES + len(self.accounts)}")
        account = stage.administration.create_account(wanted, SYSTEM).id
        self.accounts[name] = account
        if stage.world is not None:
            stage.world.knows(account, wanted.email, wanted.identity)
        starts = local(self.scenario.begins).date() - timedelta(days=365)
        for post in posts:
            stage.administration.appoint(
                NewAppointment(account, post, "definitif", starts, None, "SK contoh"), SYSTEM, tuple(process.posts))
            if process.posts[post].signs:
                by = Actor(account, post, "definitif")
                stage.administration.issue_certificate(account, PASSPHRASE, stage.clock.now(), by)

    def _actor(self, step: Step, post: str | None) -> Actor:
        """Who acts: a declared person from the post of the task if they hold it, else the holder of the lane's post."""
        if step.who in self.scenario.people:
            held = self.scenario.people[step.who].posts
            return Actor(self.accounts[step.who], post if post in held else held[0], "definitif")
        lane = next((one for one in self.edition.process.lanes if one.id == step.who), None)
        if lane is None:
            raise ScenarioRefused(step.who, advice=f"Langkah {step.number}: “{step.who}” bukan lajur dan tidak disebut "
                                                   "di [orang].")
        if not lane.applicant:
            return Actor(self.accounts[lane.post], lane.post, "definitif")
        row = self._row()
        return Actor((row.applicant if row else None) or self.accounts[APPLICANT], None, APPLICANT)

    # --- the deeds ---

    def _played(self, step: Step) -> Seen:
        self._let_the_world(step)
        self._let_time_pass(step.at)
        try:
            self._done(step)
        except ScenarioRefused:
            raise
        except Refusal as refusal:
            return Seen(None, refusal.code, _said(refusal))
        self._settle()
        return Seen(self._aftermath.of(self.case), stuck=self._aftermath.stuck(self.case))

    def _let_the_world(self, step: Step) -> None:
        if self.stage.world is not None:
            self.stage.world.moods = step.services
        elif step.services:
            raise ScenarioRefused(step.who, advice=f"Langkah {step.number}: layanan di luar hanya dapat diatur di kantor "
                                                   "skenario sendiri.")

    def _let_time_pass(self, until: datetime) -> None:
        """Timers fire at their own moment, one after another, as they do while an office works."""
        stage = self.stage
        for _ in range(MOST_ROUNDS):
            due = stage.timers.next_at()
            if due is None or due > stamp(until):
                break
            stage.clock.move_to(parse_stamp(due))
            stage.timers.fire_due()
            self._settle()
        stage.clock.move_to(until)

    def _settle(self) -> None:
        """The worker's rounds: automatic steps to the next wait, what an ended case dropped, dues that move, messages."""
        stage = self.stage
        for _ in range(MOST_ROUNDS):
            if stage.effects.run_case(self.case, stage.effects.lease()) + stage.effects.work_once() == 0:
                break
        stage.calendar.follow()
        # An office over which a scenario is played posts its letters itself.
        for _ in range(MOST_ROUNDS if stage.world else 0):
            if stage.mail.deliver_waiting() == 0:
                return

    def _done(self, step: Step) -> None:
        if step.deed == "start":
            self._start(step)
        elif step.deed == "message":
            self.stage.cases.withdraw(self.case, step.reason or "Tidak jadi", self._actor(step, None))
        elif step.deed == "task":
            self._complete(step)
        elif step.day is not None:
            by = Actor(self.accounts[ADMINISTRATOR], ADMINISTRATOR, "definitif")
            self.stage.calendar.change(step.day, by)

    def _start(self, step: Step) -> None:
        """Without values the first task waits for its person; with values it is done at once, as a visitor does."""
        stage, process = self.stage, self.edition.row.process
        if not step.values:
            self.case = stage.cases.start(process, step.name, self._actor(step, None)).id
            return
        first = start(self.edition.diagram, Start(step.name, self.edition.process.defaults()), seq=1).waiting[0]
        values = self._with_files(self.edition.form_of(first.activity).fields, step.values, HOLDER, VISITOR)
        self.case = stage.cases.start_with(process, step.name, values, VISITOR, holder=HOLDER).id

    def _complete(self, step: Step) -> None:
        stage, task = self.stage, self._task(step)
        by = self._actor(step, task.post)
        values = self._answers(task, step.values, by)
        secret = (step.secret or PASSPHRASE) if self.edition.form_of(task.activity).secrets else None
        lease = stage.effects.lease() if secret else None
        stage.tasks.complete(self.case, task.task, values, by, lease=lease)
        if lease is not None:
            stage.effects.run_case(self.case, lease, secret=secret)

    def _task(self, step: Step) -> TaskRow:
        with self.stage.database.reading() as connection:
            rows = cases.tasks(connection, self.case)
        found = [one for one in rows if one.activity == step.name]
        if not found:
            raise NotFound(step.name, advice=f"Tugas “{step.name}” belum pernah menunggu.")
        # A task that is over is tried all the same: the engine itself must refuse.
        return next((one for one in found if one.closed_at is None), found[-1])

    def _answers(self, task: TaskRow, typed: Mapping[str, Any], by: Actor) -> dict[str, Any]:
        """What a browser sends: the page as it opens, with what the person typed over it."""
        with self.stage.database.reading() as connection:
            done = dossier.completions(connection, self.case)
        row = self._row()
        assert row is not None
        form, known = self.edition.form_of(task.activity), inspect(self.edition.diagram, row.state).variables
        now, earlier = self.stage.clock.now(), dossier.last_answers(done)
        context = dossier.form_context(dossier.Page(self.edition, task.activity, known, earlier, now))
        return {**form.initial(context), **self._with_files(form.fields, typed, self.case, by)}

    def _with_files(self, fields: tuple[Field, ...], values: Mapping[str, Any], holder: str,
                    by: Actor) -> dict[str, Any]:
        """The values with every token of a file replaced by a file that was uploaded."""
        found = dict(values)
        for one in fields:
            if one.kind == "group":
                found = self._with_files(one.children, found, holder, by)
            elif one.kind == "dynamiclist" and isinstance(found.get(one.key), list):
                found[one.key] = [self._with_files(one.children, row, holder, by) for row in found[one.key]]
            elif one.kind == "filepicker" and one.key in found:
                tokens = found[one.key] if isinstance(found[one.key], list) else [found[one.key]]
                found[one.key] = [self._uploaded(token, holder, by) for token in tokens]
        return found

    def _uploaded(self, token: object, holder: str, by: Actor) -> Any:
        if not isinstance(token, str):
            return token
        return self.stage.files.save_upload(holder, token, content_of(token), by).value()

    def _row(self) -> CaseRow | None:
        with self.stage.database.reading() as connection:
            return cases.find(connection, self.case)


def _said(refusal: Refusal) -> str:
    """What the person reads: the faults of a form, else the advice."""
    if isinstance(refusal, FormRefused):
        return "; ".join(f"{one.label}: {one.message}" for one in refusal.faults if isinstance(one, Fault))
    return refusal.advice
