"""The way of one case in public words."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.assembly import CaseRow, TaskRow
from forms.web.journey import Journey, journey
from forms.web.promise import Promise
from tests.builders import Office

T = "2026-06-{:02}T03:00:00.000000Z"


def case(**values: object) -> CaseRow:
    known = {"id": "k", "process": "p", "edition": "e", "seq": 1, "state": b"", "number": "RK-1", "title": "Kopi",
             "applicant": "sari", "started_at": T.format(1)}
    return CaseRow(**{**known, **values})


def task(number: int, activity: str, post: str, closed_by: str | None = None, closed: bool = True) -> TaskRow:
    return TaskRow("k", number, activity, post, T.format(number), closed_at=T.format(number + 1) if closed else None,
                   closed_by=closed_by)


SENT = task(1, "ajukan_reklame", "pemohon", "sari")
CHECKED = task(2, "periksa_reklame", "petugas_loket", "rina")


def told(office: Office, row: CaseRow, *tasks: TaskRow, promised: datetime | None = None) -> Journey:
    return journey(office.edition.process, office.edition.diagram, row, tasks, Promise(promised))


def test_while_the_office_works_it_says_where_and_asks_nothing(second_office: Office) -> None:
    way = told(second_office, case(), SENT, task(2, "periksa_reklame", "petugas_loket", closed=False))
    assert way.headline == "Diperiksa loket"
    assert way.lead == "Berkas ada pada Loket Kecamatan sejak Selasa, 2 Juni 2026, 10.00 WIB."
    assert (way.asks, way.place) == ("", "Langkah 2 dari 3")
    assert [stop.state for stop in way.stops] == ["done", "now", "next"]
    assert [stop.who for stop in way.stops] == ["Anda", "Loket Kecamatan", "Camat"]


def test_a_return_is_asked_for_and_marked_on_the_way(second_office: Office) -> None:
    way = told(second_office, case(), SENT, CHECKED, task(3, "lengkapi_reklame", "pemohon", closed=False))
    assert way.headline == "Menunggu warga" and way.asks.startswith("Berkas dikembalikan")
    assert way.stops[2].sign == "back"


def test_a_return_that_was_answered_stays_visible(second_office: Office) -> None:
    back = task(3, "lengkapi_reklame", "pemohon", "sari")
    way = told(second_office, case(), SENT, CHECKED, back, task(4, "periksa_reklame", "petugas_loket", closed=False))
    assert [stop.state for stop in way.stops][:4] == ["done", "done", "back", "now"]


def test_a_draft_is_asked_for_as_such(second_office: Office) -> None:
    way = told(second_office, case(number=None), task(1, "ajukan_reklame", "pemohon", closed=False))
    assert way.headline == "Draf" and "lanjutkan isian Anda" in way.asks


def test_a_case_that_ended_has_its_outcome_and_nothing_before_it(second_office: Office) -> None:
    way = told(second_office, case(ended_at=T.format(4), end="reklame_terbit"), SENT, CHECKED)
    assert (way.headline, way.outcome, way.ended) == ("Izin terbit", "terbit", True)
    assert way.stops[-1].title == "Izin terbit" and way.stops[-1].sign == "ok"
    assert "next" not in [stop.state for stop in way.stops]


def test_work_that_a_withdrawal_took_away_is_not_told_as_done(second_office: Office) -> None:
    taken_away = task(2, "periksa_reklame", "petugas_loket", "sari")
    way = told(second_office, case(ended_at=T.format(3), end="reklame_ditolak"), SENT, taken_away)
    assert [stop.title for stop in way.stops] == ["Mengajukan izin reklame", "Ditolak"]


def test_between_two_tasks_it_stands_where_the_office_left_it_while_the_system_works(second_office: Office) -> None:
    way = told(second_office, case(), SENT, CHECKED)
    assert way.headline == "Diperiksa loket" and "Nomor atau surat sedang dibuat" in way.lead


def test_what_was_just_sent_is_being_worked_on_by_the_system(second_office: Office) -> None:
    way = told(second_office, case(), SENT)
    assert way.headline == "Sedang diproses sistem" and "aman" in way.lead


def test_a_promised_day_is_shown_until_the_end(second_office: Office) -> None:
    day = datetime(2026, 6, 30, 9, tzinfo=UTC)
    assert told(second_office, case(), SENT, promised=day).promise == Promise(day)
    ended = case(ended_at=T.format(4), end="reklame_terbit")
    assert told(second_office, ended, SENT, promised=day).promise is None


def test_before_the_receipt_it_says_what_the_day_depends_on(office: Office) -> None:
    first = TaskRow("k", 1, next(iter(office.edition.process.limits)), "x", T.format(1))
    way = told(office, case(), first)
    assert office.edition.process.promise is not None
    assert way.waiting.startswith(office.edition.process.promise.limit)
