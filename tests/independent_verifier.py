"""A verifier written from engine/README.md alone, sharing no code with the engine: does the specification suffice?

Only the standard library. It opens the SQLite database of an office by itself and goes through the sections of the
text. `python tests/independent_verifier.py FOLDER` prints every flaw of an office.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sqlite3
import sys
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPECIFICATION = Path(__file__).resolve().parents[1] / "engine" / "README.md"
NOTHING = "0" * 64
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
CAPACITIES = {"definitif", "plh", "plt", "pemohon", "sistem"}
ACTOR = {"account", "post", "capacity", "for"}


class Broken(Exception):
    """Bytes are not what the specification allows."""


# --- what is read out of the text itself: the dictionary and the closed list


@dataclass(frozen=True)
class Kind:
    """One kind as the text tells it: its sentence, its examples, and whether this release writes it."""

    sentence: str
    examples: tuple[dict[str, Any], ...]
    step: bool
    reserved: bool


def dictionary(text: str) -> bytes:
    block = re.search(r"<!-- dictionary -->\n```text\n(.*?)```", text, re.DOTALL)
    assert block is not None
    return block[1].replace("\n", "").encode("ascii")


def kinds(text: str) -> dict[str, Kind]:
    section = text.split("\n## 5. Kinds")[1].split("\n## 6.")[0]
    found = {}
    for part in section.split("\n### ")[1:]:
        for name, sentence, lines in re.findall(r"^`(\w+)`: (.*?)\n\n```json\n(.*?)```", part, re.DOTALL | re.MULTILINE):
            plain = sentence.removesuffix(" *Reserved.*")
            examples = tuple(json.loads(line) for line in lines.splitlines())
            found[name] = Kind(plain, examples, part.startswith("Steps"), plain != sentence)
    return found


# --- section 1: canonical JSON


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parsed(raw: bytes) -> Any:
    """The value of canonical bytes; Broken for anything else."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise Broken(str(fault)) from fault
    _judge(value)
    if canonical(value) != raw:
        raise Broken("not in canonical form")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise Broken("a key stands twice")
    return dict(pairs)


def _no_float(text: str) -> None:
    raise Broken(f"a float: {text}")


def _judge(value: Any) -> None:
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise Broken("a key is not ASCII")
        for inner in value.values():
            _judge(inner)
    elif isinstance(value, list):
        for inner in value:
            _judge(inner)
    elif isinstance(value, str) and unicodedata.normalize("NFC", value) != value:
        raise Broken("a text is not in NFC")
    elif isinstance(value, int) and abs(value) >= 2 ** 53:
        raise Broken("an integer is too large")


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


# --- sections 2 and 3: chains and payloads


@dataclass(frozen=True)
class Link:
    """An event as stored, with its payload: `body` inflated, both None once erased."""

    event: Mapping[str, Any]
    hash: str
    body: bytes | None
    salt: bytes | None


def event_hash(event: Mapping[str, Any]) -> str:
    return digest(canonical(dict(event)))


def commitment(salt_of_field: bytes, value: Any) -> str:
    return digest(salt_of_field + canonical(value))


def payload_digest(body: Mapping[str, Any], salt: bytes) -> str:
    def salt_of(field: str) -> bytes:
        return hmac.new(salt, field.encode(), hashlib.sha256).digest()
    return digest(canonical({field: commitment(salt_of(field), value) for field, value in body.items()}))


def masked_digest(masked: Mapping[str, Any]) -> str:
    """The digest of a payload of which only a part is shown."""
    salts = {field: bytes.fromhex(salt) for field, salt in masked["salts"].items()}
    if salts.keys() != masked["shown"].keys() or salts.keys() & masked["hidden"].keys():
        raise Broken("a field is both shown and hidden, or shown without its salt")
    shown = {field: commitment(salts[field], value) for field, value in masked["shown"].items()}
    return digest(canonical(masked["hidden"] | shown))


def chain_flaws(links: list[Link], known: Mapping[str, Kind], erased: set[int]) -> Iterator[tuple[int, str]]:
    previous, at = NOTHING, ""
    for number, link in enumerate(links, 1):
        event = link.event
        if event["seq"] != number:
            yield number, "a gap"
            return
        if event["kind"] not in known:
            yield number, "unknown kind"
        if event["previous"] != previous or event_hash(event) != link.hash:
            yield number, "the chain is torn"
        if not MOMENT.fullmatch(event["at"]) or event["at"] < at:
            yield number, "time runs backwards"
        if set(event["actor"]) != ACTOR or event["actor"]["capacity"] not in CAPACITIES:
            yield number, "nobody acted"
        if flaw := _payload_flaw(link, number in erased):
            yield number, flaw
        previous, at = link.hash, event["at"]


def _payload_flaw(link: Link, erased: bool) -> str:
    if link.body is None or link.salt is None:
        return "" if erased and link.body is link.salt else "the payload is gone"
    try:
        body = parsed(link.body)
    except Broken as fault:
        return f"payload: {fault}"
    return "" if payload_digest(body, link.salt) == link.event["payload_digest"] else "the payload was changed"


# --- sections 4 and 7: states, and the folding of variables


def state_flaws(links: list[Link], state: bytes, known: Mapping[str, Kind]) -> Iterator[tuple[int, str]]:
    if digest(state) != links[-1].event["state_digest"]:
        yield len(links), "the state was changed"
    elif all(link.event["kind"] in known for link in links):
        yield from _folding_flaws(links, state, known)


def _folding_flaws(links: list[Link], state: bytes, known: Mapping[str, Kind]) -> Iterator[tuple[int, str]]:
    before = None
    for link in links:
        if not known[link.event["kind"]].step and link.event["state_digest"] != before:
            yield link.event["seq"], "an event that is no step moved the state"
        before = link.event["state_digest"]
    if all(link.body is not None for link in links) and folded(links, known) != parsed(state)["variables"]:
        yield len(links), "the variables do not follow from the steps"


def folded(links: list[Link], known: Mapping[str, Kind]) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for link in links:
        if known[link.event["kind"]].step:
            variables |= parsed(link.body or b"{}").get("variables", {})
    return variables


# --- an office: its database read row by row


class Office:
    """The folder of an office as a stranger finds it."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder, self.words, self.known = folder, dictionary(text), kinds(text)
        self.rows = sqlite3.connect(f"file:{folder / 'izin.db'}?mode=ro", uri=True)
        self.rows.row_factory = sqlite3.Row

    def close(self) -> None:
        self.rows.close()

    def chains(self) -> list[str]:
        return [row[0] for row in self.rows.execute("SELECT DISTINCT chain FROM event ORDER BY chain")]

    def links(self, chain: str) -> list[Link]:
        found = "SELECT * FROM event LEFT JOIN payload USING (chain, seq) WHERE chain = ? ORDER BY seq"
        return [self._link(row) for row in self.rows.execute(found, (chain,))]

    def _link(self, row: sqlite3.Row) -> Link:
        event = {name: row[name] for name in ("chain", "seq", "kind", "at")}
        event |= {name: row[name].hex() if row[name] is not None else None
                  for name in ("payload_digest", "state_digest", "previous")}
        event |= {"actor": parsed(row["actor"].encode())}
        return Link(event, row["hash"].hex(), self._inflated(row["body"]), row["salt"])

    def _inflated(self, body: bytes | None) -> bytes | None:
        if body is None:
            return None
        press = zlib.decompressobj(zdict=self.words)
        try:
            return press.decompress(body) + press.flush()
        except zlib.error:
            return b""

    def flaws(self) -> Iterator[tuple[str, int, str]]:
        """Every flaw: where, at which step, what."""
        for chain in self.chains():
            erased = {row[0] for row in self.rows.execute("SELECT seq FROM erasure WHERE chain = ?", (chain,))}
            yield from ((chain, seq, what) for seq, what in chain_flaws(self.links(chain), self.known, erased))
        for row in self.rows.execute("SELECT id, state, head, seq FROM cases"):
            links = self.links(row["id"])
            if not links or (links[-1].hash, links[-1].event["seq"]) != (row["head"].hex(), row["seq"]):
                yield row["id"], row["seq"], "the head was changed"
            else:
                yield from ((row["id"], seq, what) for seq, what in state_flaws(links, row["state"], self.known))
        yield from self._edition_flaws()
        yield from self._file_flaws()
        yield from self._access_flaws()

    def _edition_flaws(self) -> Iterator[tuple[str, int, str]]:
        for row in self.rows.execute("SELECT hash, number FROM edition"):
            files = self.rows.execute("SELECT path, content FROM edition_file WHERE edition = ? ORDER BY path", (row["hash"],))
            if digest(canonical([[path, digest(content)] for path, content in files])) != row["hash"]:
                yield row["hash"], row["number"], "the edition was changed"

    def _file_flaws(self) -> Iterator[tuple[str, int, str]]:
        lying = {(path.parent.name, path.name): path for path in (self.folder / "files").glob("*/*/*")}
        for (holder, name), path in lying.items():
            if digest(path.read_bytes()) != name:
                yield holder, 0, f"the file {name[:12]} was changed"
        for row in self.rows.execute("SELECT holder, sha256 FROM stored_file"):
            if tuple(row) not in lying:
                yield row["holder"], 0, f"the file {row['sha256'][:12]} is gone"

    def _access_flaws(self) -> Iterator[tuple[str, int, str]]:
        previous, day = NOTHING, ""
        for row in self.rows.execute("SELECT * FROM access ORDER BY day, seq"):
            previous = previous if row["day"] == day else NOTHING
            record = {name: row[name] for name in ("day", "seq", "at", "action", "subject")}
            record |= {"actor": parsed(row["actor"].encode()), "previous": row["previous"].hex()}
            if record["previous"] != previous or digest(canonical(record)) != row["hash"].hex():
                yield row["day"], row["seq"], "the access log is torn"
            previous, day = row["hash"].hex(), row["day"]


def flaws(folder: Path, specification: Path = SPECIFICATION) -> list[tuple[str, int, str]]:
    """Everything that is wrong in the office of a folder."""
    with closing(Office(folder, specification.read_text(encoding="utf-8"))) as office:
        return list(office.flaws())


if __name__ == "__main__":
    FOUND = flaws(Path(sys.argv[1]))
    print("\n".join(f"{place}, step {step}: {what}" for place, step, what in FOUND) or "whole")
    sys.exit(bool(FOUND))
