"""Faults planted into the engine on purpose: a proof that does not notice them proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from unittest import mock

from lxml import etree

from engine.runtime import diagram, spiff, state


@contextmanager
def _fresh_diagrams() -> Iterator[None]:
    """What was parsed before the fault must not hide it, and what was parsed under it must not outlive it."""
    diagram._loaded.cache_clear()
    try:
        yield
    finally:
        diagram._loaded.cache_clear()


@contextmanager
def not_condensed() -> Iterator[None]:
    """The tree keeps the past of the case."""
    with _fresh_diagrams(), mock.patch.object(state, "condense", lambda case: None):
        yield


@contextmanager
def instances_not_connected() -> Iterator[None]:
    """A fresh process does not tie the instances of a task to their owner."""
    with _fresh_diagrams(), mock.patch.object(spiff, "connect_instances", lambda spec, child: None):
        yield


def _with_layout(source: bytes) -> bytes:
    return etree.tostring(etree.fromstring(source), method="c14n")


@contextmanager
def order_by_layout() -> Iterator[None]:
    """Conditions are asked in the order in which their targets are drawn."""
    with _fresh_diagrams(), mock.patch.object(diagram, "meaning_bytes", _with_layout):
        yield


@dataclass(frozen=True)
class Fault:
    """How to plant a fault, and the walks that are long and cold enough to meet it."""

    plant: Callable[[], AbstractContextManager[None]]
    most_steps: int
    cold: float


FAULTS: Mapping[str, Fault] = {
    "not condensed": Fault(not_condensed, 600, 0),
    "instances not connected": Fault(instances_not_connected, 70, 1),
    "order by layout": Fault(order_by_layout, 70, 0),
}
