"""The second channel: what the gateway's contract says, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.runtime.channels import Outgoing, Undelivered
from engine.runtime.channels.chat import LONGEST, ChatGateway, international
from engine.wire import Service
from tests.tools.chat_gateway import TOKEN, Gateway, running

MESSAGE = Outgoing("abc", "0812-3456-7890", "Izin terbit", "Yth. Ratna.\n", datetime(2026, 6, 9, tzinfo=UTC))
SECONDS = 0.5


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def channel(gateway: Gateway, tmp_path: Path) -> Iterator[ChatGateway]:
    with running(gateway) as url:
        yield ChatGateway(Service(url, tmp_path, SECONDS), TOKEN)


def refused(channel: ChatGateway, message: Outgoing = MESSAGE) -> Undelivered:
    with pytest.raises(Undelivered) as refusal:
        channel.send(message)
    return refusal.value


def test_a_message_is_sent_on_with_its_subject(channel: ChatGateway, gateway: Gateway) -> None:
    assert channel.send(MESSAGE) == "202 wa-1"
    assert gateway.sent == {"abc": {"to": "+6281234567890", "text": "Izin terbit\n\nYth. Ratna.\n", "reference": "abc"}}


def test_the_same_message_again_is_sent_on_once(channel: ChatGateway, gateway: Gateway) -> None:
    gateway.next.append(2 * SECONDS)
    silence = refused(channel)
    assert (silence.final, silence.reached) == (False, False)
    assert channel.send(MESSAGE) == "200 wa-1"
    assert (len(gateway.sent), gateway.asked) == (1, 2)


@pytest.mark.parametrize(("status", "body", "headers", "final", "address", "reached", "wait"), [
    (404, {"error": "unknown_number"}, {}, True, True, True, 0), (410, {"error": "unknown_number"}, {}, True, True, True, 0),
    (400, {"error": "bad"}, {}, True, False, True, 0), (409, {"error": "in_progress"}, {}, False, False, True, 0),
    (401, {"error": "token"}, {}, False, False, False, 0), (429, {}, {"Retry-After": "90"}, False, False, False, 90),
    (503, {}, {"Retry-After": "99999999"}, False, False, False, 3600),
    (503, {}, {"Retry-After": "besok"}, False, False, False, 0),
    (500, {}, {}, False, False, True, 0), (200, {}, {}, False, False, True, 0)])
def test_each_answer_means_what_the_contract_says(
        status: int, body: Mapping[str, str], headers: Mapping[str, str], final: bool, address: bool, reached: bool,
        wait: int, channel: ChatGateway, gateway: Gateway) -> None:
    gateway.next.append((status, body, headers))
    refusal = refused(channel)
    assert (refusal.final, refusal.address, refusal.reached, refusal.wait) == (final, address, reached, wait)
    assert refusal.answer.startswith(str(status))


def test_a_wrong_token_is_no_fault_of_the_message(channel: ChatGateway, gateway: Gateway) -> None:
    refusal = refused(replace(channel, token="bukan"))
    assert (refusal.final, refusal.reached, gateway.sent) == (False, False, {})
    assert TOKEN not in repr(channel)


@pytest.mark.parametrize(("written", "dialled"), [
    ("081234567890", "+6281234567890"), ("+62 812-3456-7890", "+6281234567890"), ("62812 3456 7890", "+6281234567890"),
    ("(021) 555.6677", "+62215556677"), ("+6591234567", "+6591234567")])
def test_a_number_is_brought_into_its_international_form(written: str, dialled: str) -> None:
    assert international(written) == dialled


@pytest.mark.parametrize("written", ["", "081", "telepon", "0812345678901234567", "+0812345678", "0812\n345678x"])
def test_what_is_no_number_is_refused_before_anybody_is_asked(written: str, channel: ChatGateway, gateway: Gateway) -> None:
    refusal = refused(channel, replace(MESSAGE, address=written))
    assert (refusal.final, refusal.address, gateway.asked) == (True, True, 0)


def test_a_long_text_is_cut(channel: ChatGateway, gateway: Gateway) -> None:
    channel.send(replace(MESSAGE, body="a" * 9000))
    assert len(gateway.sent["abc"]["text"]) == LONGEST
