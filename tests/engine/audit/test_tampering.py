"""One changed byte anywhere in an office: seeded places in every chain, state, diagram and file, each found and named.

Done as an attacker would who owns the database file: the triggers are dropped, the row is changed, nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Table, and_, select

from engine.assembly import assemble
from engine.audit.verify import Flaw
from engine.digest import canonical
from engine.store import journal, tables
from engine.store.migrations.guards import unguard
from tests.builders import Office, apply_for_sign, finished_sign

SEED = 20260609
PLACES = 24
"""Changed places of each kind."""

COLUMNS = ("kind", "at", "actor", "payload_digest", "state_digest", "previous", "hash")


Check = Callable[["Place", list[Flaw]], bool]
"""Is this changed place found as it must be?"""


@dataclass(frozen=True)
class Place:
    """A stored value: its row and column."""

    table: Table
    key: Mapping[str, Any]
    column: str
    value: Any

    def write(self, office: Office, value: Any) -> None:
        """Change it, triggers or not."""
        wanted = and_(*(self.table.c[name] == one for name, one in self.key.items()))
        with office.engine.database.transaction() as connection:
            assert connection.execute(self.table.update().where(wanted).values({self.column: value})).rowcount == 1


@pytest.fixture
def attacked(second_office: Office) -> Iterator[Office]:
    """An office with a finished case and an open one; its triggers are gone."""
    finished_sign(second_office)
    apply_for_sign(second_office)
    for _ in range(3):
        second_office.engine.identity.note_access(second_office.actor("auditor"), "lihat", second_office.cases()[0])
    assert flaws(second_office) == []
    with second_office.engine.database.transaction() as connection:
        unguard(connection)
    yield second_office
    assert flaws(second_office) == [], "every change was taken back"


def flaws(office: Office) -> list[Flaw]:
    return list(office.engine.verification.flaws())


def places(office: Office, table: Table, column: str, key: tuple[str, ...]) -> list[Place]:
    """Every value of a column that is not empty."""
    wanted = select(table).where(table.c[column].is_not(None)).order_by(*(table.c[one] for one in key))
    with office.engine.database.reading() as connection:
        rows = connection.execute(wanted).all()
        return [Place(table, {one: row._mapping[one] for one in key}, column, row._mapping[column]) for row in rows]


def one_byte(value: bytes | str, chance: random.Random) -> bytes | str:
    """The value with one bit of one byte turned; a text stays a text."""
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[chance.randrange(len(raw))] ^= 1
    return raw.decode() if isinstance(value, str) else bytes(raw)


def found_at_each(office: Office, known: list[Place], check: Check, number: int = PLACES) -> None:
    """Change one place after the other, see that it is found, and change it back."""
    chance = random.Random(SEED)
    for place in chance.sample(known, min(number, len(known))):
        place.write(office, one_byte(place.value, chance))
        assert check(place, flaws(office)), place
        place.write(office, place.value)


def names_the_step(place: Place, found: list[Flaw]) -> bool:
    """The first flaw is in this chain, at this step."""
    chain, seq = place.key["chain"], place.key["seq"]
    return bool(found) and str(chain) in found[0].place and found[0].step == seq


def test_a_payload(attacked: Office) -> None:
    def named_by_both(place: Place, found: list[Flaw]) -> bool:
        told = [one.divergence for one in attacked.engine.replays.all() if one.divergence is not None]
        there = (place.key["chain"], place.key["seq"])
        return names_the_step(place, found) and all((one.case, one.seq) == there for one in told)
    found_at_each(attacked, places(attacked, tables.payload, "body", ("chain", "seq")), named_by_both)


def test_a_payload_that_says_something_else_and_is_well_written(attacked: Office) -> None:
    """Every top-level field of every step in turn is given another value: replay too stops where it matters."""
    for place in places(attacked, tables.payload, "body", ("chain", "seq")):
        if place.key["chain"] != attacked.cases()[0]:
            continue
        body = journal.body_of(place.value)
        for name in body:
            place.write(attacked, journal.packed(canonical({**body, name: [name]})))
            assert names_the_step(place, flaws(attacked)), (place.key, name)
            assert all(one.divergence is None or one.divergence.seq >= place.key["seq"]
                       for one in attacked.engine.replays.all())
        place.write(attacked, place.value)


def test_a_salt(attacked: Office) -> None:
    found_at_each(attacked, places(attacked, tables.payload, "salt", ("chain", "seq")), names_the_step, 6)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_of_an_event(attacked: Office, column: str) -> None:
    found_at_each(attacked, places(attacked, tables.event, column, ("chain", "seq")), names_the_step, 8)


def test_an_actor_written_another_way(attacked: Office) -> None:
    """The same words in other bytes: what verifies is the bytes."""
    for place in places(attacked, tables.event, "actor", ("chain", "seq"))[::5]:
        place.write(attacked, place.value.replace(":", ": ", 1))
        assert names_the_step(place, flaws(attacked)), place
        place.write(attacked, place.value)


def test_every_chain_is_among_the_places(attacked: Office) -> None:
    chains = {place.key["chain"] for place in places(attacked, tables.payload, "body", ("chain", "seq"))}
    assert {"kantor", f"proses:{attacked.process}", *attacked.cases()} == chains


def test_a_state(attacked: Office) -> None:
    def named(place: Place, found: list[Flaw]) -> bool:
        case = str(place.key["id"])
        replayed = attacked.engine.replays.case(case)
        return [one.place for one in found] == [f"berkas {case}"] and found[0].step == attacked.row(case).seq \
            and replayed.divergence is not None and replayed.divergence.seq == found[0].step
    known = places(attacked, tables.cases, "state", ("id",))
    for _ in range(8):
        found_at_each(attacked, known, named)


@pytest.mark.parametrize("column", ["seq", "head"])
def test_a_case_that_claims_another_head(attacked: Office, column: str) -> None:
    for place in places(attacked, tables.cases, column, ("id",)):
        other = int(place.value) - 1 if column == "seq" else one_byte(place.value, random.Random(SEED))
        place.write(attacked, other)
        assert [one.place for one in flaws(attacked)] == [f"berkas {place.key['id']}"]
        place.write(attacked, place.value)


def test_a_file_of_an_edition(attacked: Office) -> None:
    """Diagram, settings, forms, letters, notices: whatever the edition holds."""
    known = places(attacked, tables.edition_file, "content", ("edition", "path"))
    assert any(str(place.key["path"]).endswith(".bpmn") for place in known)
    found_at_each(attacked, [one for one in known if one.value], lambda place, found: [one.place for one in found] == [
        f"edisi {str(place.key['edition'])[:12]} ({attacked.process})"], len(known))


@pytest.mark.parametrize("column", ["action", "subject", "actor", "at", "hash", "previous"])
def test_the_access_log(attacked: Office, column: str) -> None:
    found_at_each(attacked, places(attacked, tables.access, column, ("day", "seq")), lambda place, found: bool(found)
                  and (found[0].place, found[0].step) == (f"catatan akses {place.key['day']}", place.key["seq"]))


def test_a_file_of_a_case(attacked: Office) -> None:
    chance = random.Random(SEED)
    stored = [(holder, path) for holder, _, path in attacked.engine.files.store.all() if holder in attacked.cases()]
    assert len(stored) >= 3
    for holder, path in stored:
        kept = path.read_bytes()
        changed = one_byte(kept, chance)
        assert isinstance(changed, bytes)
        path.write_bytes(changed)
        assert f"berkas {holder}" in [one.place for one in flaws(attacked)], path
        path.write_bytes(kept)


def test_a_diagram_changed_with_its_edition_is_found_by_replay(attacked: Office) -> None:
    """An attacker who moves a flow is found by its digest; replay itself does not trust a diagram of other meaning."""
    (place,) = [one for one in places(attacked, tables.edition_file, "content", ("edition", "path"))
                if str(one.key["path"]).endswith(".bpmn")]
    assert isinstance(place.value, bytes)
    place.write(attacked, place.value.replace(b"periksa_reklame", b"periksa_reklamf"))
    fresh = cold(attacked)
    divergences = [one.divergence for one in fresh.engine.replays.all() if one.divergence is not None]
    fresh.engine.close()
    assert {one.case for one in divergences} == set(attacked.cases()) and all(one.seq >= 1 for one in divergences)
    assert len(flaws(attacked)) == 1
    place.write(attacked, place.value)


def cold(office: Office) -> Office:
    """The same office, opened anew: nothing is remembered of what was read before."""
    return Office(assemble(office.engine.settings, office.clock), office.clock, office.process, office.people)
