"""Verification: an untouched office is whole; one changed byte anywhere is found, with its case and step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.audit.verify import Flaw
from engine.rules.events import Event
from engine.store import journal, registered
from engine.store.database import Connection
from engine.store.migrations.guards import unguard
from tests.builders import Office, finished_sign


@pytest.fixture
def worked(second_office: Office) -> Office:
    """An office in which a case was finished and somebody read it."""
    finished_sign(second_office)
    second_office.engine.identity.note_access(second_office.actor("auditor"), "lihat", second_office.cases()[0])
    second_office.engine.identity.note_access(second_office.actor("auditor"), "unduh", second_office.cases()[0])
    return second_office


def flaws(office: Office) -> list[Flaw]:
    return list(office.engine.verification.flaws())


def tamper(office: Office, statement: str, *values: object) -> None:
    """As somebody who owns the file: the triggers are no hindrance."""
    with office.engine.database.transaction() as connection:
        unguard(connection)
        assert connection.exec_driver_sql(statement, tuple(values)).rowcount == 1, statement


def one_byte(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:]


def read(office: Office, statement: str, *values: object) -> object:
    with office.engine.database.reading() as connection:
        return connection.exec_driver_sql(statement, tuple(values)).scalar_one()


def test_an_untouched_office_is_whole(worked: Office) -> None:
    assert flaws(worked) == []
    counted = worked.engine.verification.counted()
    assert (counted.cases, counted.documents) == (1, 1) and counted.events > 20 and counted.files >= 2


def test_a_signed_licence_is_whole(office: Office) -> None:
    office.play("02-rapat-saja")
    assert flaws(office) == []


@pytest.mark.parametrize("step", [1, 3, 7])
def test_one_changed_byte_of_a_payload_is_found_at_its_step(worked: Office, step: int) -> None:
    case = worked.cases()[0]
    stored = read(worked, "SELECT body FROM payload WHERE chain = ? AND seq = ?", case, step)
    assert isinstance(stored, bytes)
    tamper(worked, "UPDATE payload SET body = ? WHERE chain = ? AND seq = ?", one_byte(stored), case, step)
    assert [(one.place, one.step) for one in flaws(worked)] == [(f"berkas {case}", step)]


@pytest.mark.parametrize(("column", "value"), [
    ("at", "2026-06-09T01:15:00.000001Z"), ("kind", "note"),
    ("actor", '{"account":null,"capacity":"plh","for":null,"post":null}'),
    ("payload_digest", b"\1" * 32), ("state_digest", b"\2" * 32), ("previous", b"\3" * 32), ("hash", b"\4" * 32)])
def test_a_changed_column_of_an_event_is_found_at_its_step(worked: Office, column: str, value: object) -> None:
    case = worked.cases()[0]
    tamper(worked, f'UPDATE event SET "{column}" = ? WHERE chain = ? AND seq = 4', value, case)
    found = flaws(worked)
    assert found and (found[0].place, found[0].step) == (f"berkas {case}", 4)
    assert str(found[0].step) in found[0].sentence and case in found[0].sentence


def test_an_event_rehashed_by_a_forger_is_found_at_the_next_link(worked: Office) -> None:
    """Who changes an event and computes its hash anew breaks the link of the one after."""
    case = worked.cases()[0]
    with worked.engine.database.reading() as connection:
        event = registered_events(connection, case)[3]
    fresh = replace(event, kind="note")
    tamper(worked, "UPDATE event SET kind = 'note', hash = ? WHERE chain = ? AND seq = 4", bytes.fromhex(fresh.hash), case)
    assert (flaws(worked)[0].step, flaws(worked)[0].place) == (5, f"berkas {case}")


def registered_events(connection: Connection, case: str) -> list[Event]:
    return [one.event for one in journal.read(connection, case)]


@pytest.mark.parametrize("where", ["seq = 4", "seq = (SELECT max(seq) FROM event AS other WHERE other.chain = event.chain)"])
def test_a_missing_event_is_found(worked: Office, where: str) -> None:
    case = worked.cases()[0]
    tamper(worked, f"DELETE FROM event WHERE chain = ? AND {where}", case)
    assert any(case in one.place for one in flaws(worked))


def test_a_payload_that_vanished_without_a_decision_is_found(worked: Office) -> None:
    case = worked.cases()[0]
    tamper(worked, "UPDATE payload SET body = NULL, salt = NULL WHERE chain = ? AND seq = 2", case)
    assert [(one.step, "penghapusan" in one.what) for one in flaws(worked)] == [(2, True)]


def test_an_erasure_on_record_is_no_flaw(worked: Office) -> None:
    case = worked.cases()[0]
    with worked.engine.database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO erasure VALUES (?, 2, '2026-06-09T02:00:00.000000Z', 'retensi')", (case,))
        connection.exec_driver_sql("UPDATE payload SET body = NULL, salt = NULL WHERE chain = ? AND seq = 2", (case,))
        assert registered.erased(connection, case) == {2}
    assert flaws(worked) == []


def test_one_changed_byte_of_a_state_is_found_with_its_case(worked: Office) -> None:
    case = worked.cases()[0]
    tamper(worked, "UPDATE cases SET state = ? WHERE id = ?", one_byte(worked.row(case).state), case)
    found = flaws(worked)
    assert [(one.place, one.step) for one in found] == [(f"berkas {case}", worked.row(case).seq)]
    assert [one.place for one in worked.engine.verification.state_flaws(case)] == [f"berkas {case}"]


def test_a_case_set_back_to_an_earlier_step_is_found(worked: Office) -> None:
    case = worked.cases()[0]
    tamper(worked, "UPDATE cases SET seq = seq - 1 WHERE id = ?", case)
    assert [one.what for one in flaws(worked)] == ["kepala rantai berbeda dari jurnal"]


def test_one_changed_byte_of_a_diagram_is_found(worked: Office) -> None:
    path = f"processes/{worked.process}/{worked.process}.bpmn"
    tamper(worked, "UPDATE edition_file SET content = ? WHERE path = ?", one_byte(worked.edition.files[path]), path)
    assert [one.place for one in flaws(worked)] == [f"edisi {worked.edition.hash[:12]} ({worked.process})"]


def test_a_changed_or_missing_file_is_found_with_its_case(worked: Office) -> None:
    for change in (lambda path: path.write_bytes(one_byte(path.read_bytes())), Path.unlink):
        holder, name, path = next(iter(worked.engine.files.store.all()))
        path.chmod(0o600)
        change(path)
        assert [one.place for one in flaws(worked)][-1:] == [f"berkas {holder}"], name


@pytest.mark.parametrize("statement", ["UPDATE access SET action = 'lain' WHERE seq = 1", "DELETE FROM access WHERE seq = 1"])
def test_a_changed_access_log_is_found(worked: Office, statement: str) -> None:
    tamper(worked, statement)
    assert [one.what for one in flaws(worked)] == ["rantai terputus"]


def test_a_signed_document_whose_signature_no_longer_holds_is_found(office: Office) -> None:
    office.play("02-rapat-saja")
    signed = next(one for one in office.engine.papers.of_case(office.cases()[0]) if one.signed)
    path = office.engine.files.store.path(signed.case, str(signed.signed))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"\n% tambahan")
    assert {one.what for one in flaws(office)} >= {"tanda tangan tidak lagi sah"}


def test_the_chains_of_the_office_itself_are_looked_at(worked: Office) -> None:
    tamper(worked, "UPDATE event SET at = '2020-01-01T00:00:00.000000Z' WHERE chain = 'kantor' AND seq = 3")
    assert any(one.place == "rantai kantor" and one.step == 3 for one in flaws(worked))
