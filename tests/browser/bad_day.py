"""An office on a bad day: names that do not end, a signature that failed, a step that is stuck, one that still runs, mail that
does not arrive, limits by law that are near, a day changed and tables taken over by a decree without end.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import text

from engine.assembly import NewDay, assemble, scenarios, stage_over
from engine.authoring.rehearsal import APPLICANT
from engine.authoring.samples import Playing, Sample, moved
from engine.clock import DatedClock, stamp
from engine.rules.people import Actor
from tests.browser.house import House, began_long_ago, in_a_thread

AGAIN = """UPDATE effect SET status = :status, cause = :cause WHERE "case" = :case AND task = (
    SELECT max(one.task) FROM effect AS one WHERE one."case" = :case AND one.status = 'done')"""
"""The last step that was done stands as if it were not."""

REFUSED = """UPDATE message SET status = 'refused', answer = :answer WHERE EXISTS (SELECT 1 FROM cases
    WHERE cases.id = message."case" AND cases.applicant = message.recipient AND cases.ended_at IS NULL)"""
MARKED = """UPDATE account SET email_trouble = :now WHERE id IN (SELECT recipient FROM message WHERE status = 'refused')"""
ANSWER = "550 5.1.1 The email account that you tried to reach does not exist, or is disabled: " + "x" * 90

LONG_WORD = "Kacamataterangbenderangsepanjangjalanraya" * 2
LONG_NAME = f"Optik Persatuan Pedagang Kacamata dan Lensa Kontak {LONG_WORD} Cabang Pasar Lama Blok C Nomor 117"
LONG_PLACE = "Kecamatan Sukatani Wetan Kidul Hilir Tengah Perbatasan Utara"
LONG_PERSON = "Raden Ajeng Siti Nurhalimah Kusumawardhani Prawirodirdjo Umpamaningrat, S.Sos., M.AP., Ph.D."


def befall(house: House) -> None:
    """Everything at once."""
    in_a_thread(lambda: fail_to_sign(house))
    make_stuck(house)
    make_long(house)
    refuse_mail(house)
    bring_the_law_near(house)
    change_a_day(house)
    house.look_again()


def fail_to_sign(house: House) -> None:
    """One more case, whose signer typed a wrong passphrase just now."""
    edition = house.engine.catalog.in_force()[0]
    known = scenarios(house.engine.settings)
    scenario = next(one for one in (known.read(edition.process.id, name) for name in known.names(edition.process.id))
                    if any(step.secret for step in one.steps))
    last = next(number for number, step in enumerate(scenario.steps, 1) if step.secret)
    now = house.engine.clock.now()
    found = moved(Sample(replace(scenario, steps=scenario.steps[:last]), ""), now).scenario
    clock = DatedClock(found.begins)
    engine = assemble(house.engine.settings, clock, house.engine.database)
    stage = stage_over(engine, clock)
    people = {str(one.post): one.account for one in engine.administration.appointments()}
    applicant = next(case.row.applicant for case in house.cases if case.row.applicant)
    Playing(stage, edition, found, {**people, APPLICANT: str(applicant)}).play()


def make_stuck(house: House) -> None:
    """The last automatic step of one running case became an incident; that of another runs and nobody is asked yet."""
    stuck, running = two_running(house)
    with house.engine.database.transaction() as connection:
        connection.execute(text(AGAIN), {"case": stuck, "status": "incident", "cause": "TimeoutError"})
        connection.execute(text(AGAIN), {"case": running, "status": "ordered", "cause": None})
        connection.execute(text("""UPDATE task SET closed_at = :now WHERE "case" = :case AND closed_at IS NULL"""),
                           {"case": running, "now": stamp(house.engine.clock.now())})


def two_running(house: House) -> list[str]:
    """Cases that are with the office."""
    return [case.row.id for case in house.cases if case.row.number and case.open_tasks and not case.applicant_turn][:2]


def make_long(house: House) -> None:
    """Every title, place and person is as long as they come."""
    with house.engine.database.transaction() as connection:
        connection.execute(text("UPDATE cases SET title = :title, place = :place"), {"title": LONG_NAME, "place": LONG_PLACE})
        connection.execute(text("UPDATE account SET name = :name"), {"name": LONG_PERSON})


def refuse_mail(house: House) -> None:
    """No address of an applicant takes mail any more."""
    with house.engine.database.transaction() as connection:
        connection.execute(text(REFUSED), {"answer": ANSWER})
        connection.execute(text(MARKED), {"now": stamp(house.engine.clock.now())})


def bring_the_law_near(house: House) -> None:
    """Whatever the law gives a limit ends tomorrow."""
    with house.engine.database.transaction() as connection:
        connection.execute(text("UPDATE due SET at = :soon WHERE kind = 'hukum' AND NOT fires"),
                           {"soon": stamp(house.engine.clock.now() + timedelta(days=1))})


def change_a_day(house: House) -> None:
    """A Sunday is worked in three parts, by a decree whose name fills the field."""
    decree = f"Surat Edaran {LONG_WORD} tentang Pelayanan pada Hari Libur".ljust(200, "x")[:200]
    hours = [["06:00", "09:00"], ["10:00", "12:00"], ["13:00", "15:00"]]
    administrator = Actor(house.account_of("administrator"), "administrator", "definitif")
    house.engine.calendar.change(NewDay(date(2026, 12, 6), True, hours, decree), administrator)
    began_long_ago(house, decree)
