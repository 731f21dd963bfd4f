"""Samples of a demo: every wait and every end once, by the shortest way, moved to just now, with people of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from engine.authoring.invented import person
from engine.authoring.samples import WEEK, moved, samples, told_of
from engine.rules.scenario import Scenario, load_scenario
from tests.builders import Office

LONG = """
nama = "Contoh panjang"
mulai = 2026-06-09T08:15:00+07:00
[[langkah]]
siapa = "warga"
mulai = "ajukan"
pada = 2026-06-09T08:15:00+07:00
lalu = { menunggu = ["isi@warga"] }
[[langkah]]
siapa = "warga"
tugas = "isi"
pada = 2026-06-09T09:00:00+07:00
isi = { nama = "Sari", tanggal_lahir = "1990-06-15", rapat = ["2026-06-12"], jam = "09:00" }
lalu = { menunggu = ["periksa@loket", "ukur@loket"] }
[[langkah]]
siapa = "loket"
tugas = "periksa"
pada = 2026-06-10T09:00:00+07:00
lalu = { akhir = "terbit" }
"""
SHORT = LONG.replace("Contoh panjang", "Contoh pendek").replace("tugas = \"isi\"", "tugas = \"isi\"\nrahasia = \"x\"")


def scenario(name: str, text: str = LONG) -> Scenario:
    return load_scenario(name, text.encode())


def test_everything_that_may_wait_and_every_end_is_shown_once() -> None:
    found = samples([scenario("a"), scenario("b", SHORT)])
    assert [(one.scenario.id, len(one.scenario.steps)) for one in found] == [("a", 1), ("a", 2), ("a", 3)]
    assert {one.shows for one in found} <= {"isi@warga", "periksa@loket", "ukur@loket", "akhir:terbit"}


def test_a_refused_step_ends_what_can_be_shown() -> None:
    refused = LONG.replace('lalu = { menunggu = ["periksa@loket", "ukur@loket"] }', 'ditolak = "isian_salah"')
    assert [len(one.scenario.steps) for one in samples([scenario("a", refused)])] == [1]


def test_scenarios_of_two_hats_or_of_months_are_left_out() -> None:
    hats = LONG.replace("[[langkah]]", '[orang.rina]\nnama = "Rina"\njabatan = ["loket"]\n[[langkah]]', 1)
    months = LONG.replace("2026-06-10T09", "2026-09-10T09")
    assert samples([scenario("a", hats), scenario("b", months)]) == []


def test_a_sample_happened_within_the_last_week_on_the_same_weekday_and_hour() -> None:
    now = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)
    known = samples([scenario("a")])[-1]
    then = moved(known, now)
    assert timedelta(0) <= now - then.ends < WEEK
    assert (then.ends - known.ends) % WEEK == timedelta(0) and then.ends > then.scenario.begins


def test_days_of_the_case_move_along_and_birthdays_stay() -> None:
    known = samples([scenario("a")])[1]
    then = moved(known, known.ends + 2 * WEEK)
    values = then.scenario.steps[1].values
    assert values["rapat"] == [(date(2026, 6, 12) + 2 * WEEK).isoformat()]
    assert (values["tanggal_lahir"], values["jam"]) == ("1990-06-15", "09:00")


def test_a_case_tells_of_the_person_it_is_given(office: Office) -> None:
    known = next(one for one in samples([office.scenario("02-rapat-saja")]) if len(one.scenario.steps) == 2)
    who = person(7)
    told = told_of(known, office.edition.process, who).scenario.steps[1].values
    before = known.scenario.steps[1].values
    changed = {key for key in before if before[key] != told[key]}
    assert told["nama"] == who.nama and who.merek in told["nama_optikal"]
    assert before.keys() == told.keys() and len(changed) >= 2 and told["nik"] == before["nik"]


def test_invented_people_are_many_and_stay_the_same() -> None:
    people = [person(number) for number in range(60)]
    assert len({one.nama_pengguna for one in people}) == 60
    assert people == [person(number) for number in range(60)]
    assert all(len(one.nip) == 18 and one.surel.endswith(".example") for one in people)
