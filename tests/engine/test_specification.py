"""The specification in engine/README.md and the engine say the same, and the text suffices to judge an office."""

from __future__ import annotations

import ast
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.clock import stamp
from engine.digest import canonical, parse_canonical, sha256
from engine.rules import events
from engine.rules.people import SYSTEM
from engine.store import access, journal
from tests import independent_verifier as independent
from tests.builders import HOME, Office, apply_for_sign

TEXT = independent.SPECIFICATION.read_text(encoding="utf-8")
KINDS = independent.kinds(TEXT)


def example(name: str) -> list[str]:
    block = re.search(rf"<!-- example: {name} -->\n```text\n(.*?)\n```", TEXT, re.DOTALL)
    assert block is not None
    return block[1].split("\n")


def linked(name: str) -> tuple[independent.Link, bytes]:
    """An example as a link, and its state."""
    body, salt, state, event, found = example(name)
    return independent.Link(independent.parsed(event.encode()), found, body.encode(), bytes.fromhex(salt)), state.encode()


# --- the text and the engine


def test_the_floors_of_the_text_are_those_of_the_import_rules() -> None:
    rules = ConfigParser()
    rules.read(HOME / "setup.cfg")
    layers = rules["importlinter:contract:floors"]["layers"].strip().splitlines()
    floors = [{name.strip().removeprefix("engine.") for name in layer.split("|")} for layer in layers]
    told = re.findall(r"^\| \d+ \| (.*?) \|", TEXT, re.MULTILINE)
    named = [{name.removesuffix(".py").rstrip("/").replace("/", ".") for name in re.findall(r"`(.*?)`", row)} for row in told]
    assert named == floors


def test_the_examples_are_a_whole_chain_by_the_text() -> None:
    first, second = (linked(name) for name in ("1", "2"))
    assert list(independent.chain_flaws([first[0], second[0]], KINDS, set())) == []
    for link, state in (first, second):
        assert independent.digest(state) == link.event["state_digest"]


@pytest.mark.parametrize("name", ["1", "2"])
def test_the_engine_hashes_the_examples_to_the_same(name: str) -> None:
    body, salt, state, event, found = example(name)
    record = parse_canonical(event.encode())
    made = events.Event(**record)
    assert (made.record(), made.hash) == (event.encode(), found)
    assert events.payload_digest(parse_canonical(body.encode()), bytes.fromhex(salt)) == record["payload_digest"]
    assert sha256(canonical(parse_canonical(state.encode()))) == record["state_digest"]


def test_a_masked_payload_has_the_digest_of_the_whole_one() -> None:
    masked = independent.parsed(example("masked")[0].encode())
    link, _ = linked("2")
    assert independent.masked_digest(masked) == link.event["payload_digest"]
    assert masked["hidden"].keys() == {"isian.nama", "isian.tempat"}
    masked["shown"]["isian.kerugian"] += 1
    assert independent.masked_digest(masked) != link.event["payload_digest"]


def test_the_kinds_are_those_of_the_engine_in_the_same_words() -> None:
    assert {name: kind.sentence for name, kind in KINDS.items()} == dict(events.KINDS)
    assert {name for name, kind in KINDS.items() if kind.step} == events.STEPS


def test_the_dictionary_is_the_one_payloads_are_stored_with() -> None:
    assert independent.dictionary(TEXT) == journal.WORDS


def texts(node: ast.AST) -> Iterator[str]:
    """The texts handed on in a piece of code; the keys of a table of words and the names in a type are none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    apart = node.keys if isinstance(node, ast.Dict) else [getattr(node, "annotation", None)]
    for inner in ast.iter_child_nodes(node):
        if inner not in apart:
            yield from texts(inner)


def test_reserved_kinds_are_those_that_no_code_writes() -> None:
    sources = [path for path in (HOME / "engine").rglob("*.py") if path != HOME / "engine" / "rules" / "events.py"]
    said = {text for path in sources for text in texts(ast.parse(path.read_text(encoding="utf-8")))}
    assert {name for name, kind in KINDS.items() if kind.reserved} == set(events.KINDS) - said


def test_every_step_of_the_text_tells_effects_and_waiting_tasks() -> None:
    for name, kind in KINDS.items():
        for shown in kind.examples:
            assert {"effects", "waiting"} <= shown.keys() if kind.step else not {"effects", "waiting"} & shown.keys(), name


def test_the_verifier_knows_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(independent.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} - sys.stdlib_module_names == set()


@pytest.mark.parametrize("raw", [
    b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b'{"a":1.5}', b'{"a":1e3}', b'{"a":9007199254740992}', b'["e\xcc\x81"]',
    b'{"\xc3\xa9":1}', b'["\\u0041"]', b'["\\/"]', b'\xef\xbb\xbf[]', b'[NaN]', b'["\xff"]', b'[1]\n', b'{"a":01}'])
def test_both_refuse_what_is_not_canonical(raw: bytes) -> None:
    with pytest.raises(independent.Broken):
        independent.parsed(raw)
    with pytest.raises(Exception, match=r"."):
        parse_canonical(raw)


@pytest.mark.parametrize("value", [
    {"b": [1, -2, None, True], "a": {"x": "é \u2028 \x7f"}}, {"text": 'a"b\\c\n\t\r\b\f\x00\x1f/'}, [], {}, 2 ** 53 - 1, "𝄞"])
def test_both_write_the_same_bytes(value: Any) -> None:
    assert independent.canonical(value) == canonical(value)
    assert independent.parsed(canonical(value)) == value


# --- real offices, judged by the text alone


@pytest.fixture
def worked(second_office: Office) -> Office:
    """A returned case, a finished one, and a reading that was logged."""
    first = apply_for_sign(second_office)
    second_office.complete(first, "periksa_reklame", {"baik": False, "catatan": "Ukuran belum jelas"})
    second_office.complete(first, "lengkapi_reklame", {"tulisan": "Warung Kenanga", "luas": 6})
    second_office.complete(apply_for_sign(second_office), "periksa_reklame", {"baik": True})
    for number in range(3):
        second_office.engine.identity.note_access(SYSTEM, "lampiran", f"{first}/{number}")
    return second_office


def folder(office: Office) -> Path:
    return office.engine.settings.data


def test_a_stranger_finds_a_worked_office_whole(worked: Office) -> None:
    assert independent.flaws(folder(worked)) == []


@pytest.mark.parametrize("name", ["01-rapat-dan-peninjauan", "12-kepala-mengembalikan", "07-pemohon-diam"])
def test_a_stranger_finds_the_cases_of_the_house_whole(office: Office, name: str) -> None:
    office.play(name)
    assert independent.flaws(folder(office)) == []
    assert list(office.engine.verification.flaws()) == []


def test_it_runs_by_itself_and_says_so(worked: Office) -> None:
    ran = subprocess.run([sys.executable, "-I", independent.__file__, folder(worked)], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "whole\n", "")


@pytest.fixture
def forged(worked: Office) -> Iterator[sqlite3.Connection]:
    """The database in the hands of somebody who owns the file."""
    with closing(sqlite3.connect(folder(worked) / "izin.db")) as rows:
        for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            rows.execute(f"DROP TRIGGER {name}")
        yield rows


FORGERIES = {
    "UPDATE event SET at = '2026-06-09T01:15:00.000001Z' WHERE chain = :case AND seq = 3": 3,
    "UPDATE event SET kind = 'note' WHERE chain = :case AND seq = 3": 3,
    "UPDATE event SET kind = 'lain' WHERE chain = :case AND seq = 3": 3,
    "DELETE FROM event WHERE chain = :case AND seq = 2": 2,
    "UPDATE payload SET body = (SELECT body FROM payload WHERE chain = :case AND seq = 1) WHERE chain = :case AND seq = 3": 3,
    "UPDATE payload SET body = NULL, salt = NULL WHERE chain = :case AND seq = 3": 3,
    "UPDATE payload SET salt = zeroblob(32) WHERE chain = :case AND seq = 2": 2,
    "UPDATE cases SET state = CAST(replace(state, 'null', 'true') AS BLOB) WHERE id = :case": None,
    "UPDATE cases SET head = zeroblob(32) WHERE id = :case": None,
    "UPDATE cases SET seq = seq + 1 WHERE id = :case": None,
    "UPDATE edition_file SET content = CAST(content || ' ' AS BLOB) WHERE path LIKE '%.bpmn'": 1,
    "UPDATE edition_file SET path = path || 'x' WHERE path LIKE '%.bpmn'": 1,
    "UPDATE access SET subject = 'lain' WHERE seq = 2": 2,
    "DELETE FROM access WHERE seq = 1": 2,
}


@pytest.mark.parametrize("statement", FORGERIES)
def test_a_stranger_finds_each_forgery_at_its_step(worked: Office, forged: sqlite3.Connection, statement: str) -> None:
    forged.execute(statement, {"case": worked.cases()[0]} if ":case" in statement else {})
    forged.commit()
    found = independent.flaws(folder(worked))
    assert found and FORGERIES[statement] in (None, found[0][1])


def test_a_changed_file_and_a_lost_one_are_found(worked: Office) -> None:
    with worked.engine.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT holder, sha256 FROM stored_file ORDER BY sha256").all()
    changed, lost = (worked.engine.files.store.path(*row) for row in kept[:2])
    changed.write_bytes(changed.read_bytes() + b" ")
    lost.unlink()
    assert [what for _, _, what in independent.flaws(folder(worked))] == [
        f"the file {changed.name[:12]} was changed", f"the file {lost.name[:12]} is gone"]


def test_an_erasure_that_is_on_record_leaves_the_chain_whole(worked: Office) -> None:
    case = worked.cases()[0]
    with worked.engine.database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO erasure VALUES (?, 2, ?, 'Keputusan 12')", (case, stamp(worked.clock.now())))
        connection.exec_driver_sql("UPDATE payload SET body = NULL, salt = NULL WHERE chain = ? AND seq = 2", (case,))
    assert independent.flaws(folder(worked)) == []


# --- what is written has the form that the text shows


def written(office: Office) -> Iterator[tuple[str, dict[str, Any]]]:
    with office.engine.database.reading() as connection:
        for chain in journal.chains(connection):
            yield from ((one.event.kind, one.body) for one in journal.read(connection, chain))


def shape(payload: dict[str, Any]) -> frozenset[str]:
    """The fields of a payload, those of its form apart."""
    return frozenset(name for name in payload if not name.startswith(events.FORM_FIELD))


@pytest.mark.parametrize("name", ["01-rapat-dan-peninjauan", "07-pemohon-diam", "12-kepala-mengembalikan",
                                  "27-frasa-sandi-salah"])
def test_each_payload_has_the_fields_of_an_example(office: Office, name: str) -> None:
    office.play(name)
    for kind, payload in written(office):
        assert shape(payload) in {shape(shown) for shown in KINDS[kind].examples}, kind


def test_deeds_around_a_case_have_the_fields_of_an_example(second_office: Office) -> None:
    office = second_office
    case, desk = apply_for_sign(office), office.actor("petugas_loket")
    task = office.tasks(case)[0].task
    office.engine.tasks.claim(case, task, desk)
    office.engine.tasks.release(case, task, desk)
    office.engine.tasks.reassign(case, task, desk.account or "", office.actor("administrator"))
    office.engine.cases.note(case, "Pemohon menelepon.", desk)
    seen = {kind: shape(payload) for kind, payload in written(office)}
    for kind in ("claimed", "released", "reassigned", "note"):
        assert seen[kind] in {shape(shown) for shown in KINDS[kind].examples}, kind


def test_open_tasks_can_be_read_off_a_state(worked: Office) -> None:
    row = worked.row(worked.cases()[0])
    state = independent.parsed(row.state)
    open_tasks = [[one[0], one[2]] for one in state["rows"] if one[3] == 16]
    assert open_tasks == [[one.task, one.activity] for one in worked.tasks(row.id)] != []
    assert state["end"] is None and {one[0] >> 20 for one in state["rows"]} <= set(range(1, row.seq + 1))


def test_the_access_log_and_the_text_hash_alike(worked: Office) -> None:
    with worked.engine.database.reading() as connection:
        assert all(row.hash == stored for row, stored in access.read(connection))
