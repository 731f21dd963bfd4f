"""Is this diagram fit to run? Every rule of this folder about one .bpmn file, then the engine's own reading of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from engine.authoring.lint import activities, expressions, happenings, picture, structure, subset
from engine.authoring.lint.drawing import Drawing
from engine.authoring.lint.findings import FAULT, Finding, Known, fault, placed
from engine.authoring.lint.reading import Unreadable, read_tree
from engine.errors import Refusal
from engine.runtime import diagram as runtime

OF_THE_DRAWING = (structure.pools, subset.elements_outside, structure.ids, structure.lanes, structure.flows,
                  structure.gateways,
                  structure.reach, happenings.starts, happenings.kinds_of_events, happenings.boundaries,
                  happenings.errors,
                  happenings.messages, happenings.timers, happenings.ends)
AGAINST_THE_PROCESS = (expressions.conditions, expressions.cardinalities, activities.settings, activities.services,
                       activities.lane_names, activities.end_names)


def check_diagram(source: bytes, known: Known = Known()) -> list[Finding]:
    """Everything wrong with a diagram, told element by element; never an exception, whatever the bytes are."""
    try:
        drawing = Drawing(read_tree(source))
    except Unreadable as refused:
        return placed([refused.finding], known.place)
    found = placed(_judged(drawing, known), known.place)
    if not any(one.severity == FAULT for one in found):
        found = placed([*_run(source, drawing), *found], known.place)
    return found


def _judged(drawing: Drawing, known: Known) -> Iterator[Finding]:
    of_itself = (rule(drawing) for rule in OF_THE_DRAWING)
    in_context = (rule(drawing, known) for rule in AGAINST_THE_PROCESS)
    return itertools.chain.from_iterable(itertools.chain(of_itself, in_context, [picture.picture(drawing)]))


def _run(source: bytes, drawing: Drawing) -> Iterator[Finding]:
    """What the engine itself refuses; asked last, because it names one reason only."""
    try:
        runtime.load(source)
    except Refusal as refused:
        element = str(refused).partition(":")[0]
        yield fault("ditolak_mesin", element if element in drawing.nodes else None, refused.advice,
                    "Perbaiki bagian yang disebut; bila tidak jelas, sampaikan berkas ini kepada pengembang.")
    except RecursionError:
        yield fault("terlalu_panjang", None, "Rangkaian langkahnya terlalu panjang untuk dibaca mesin.",
                    "Pecah menjadi beberapa proses yang lebih pendek.")
