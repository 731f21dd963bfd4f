"""What is wrong with an edition before it is deployed? Every finding names its element and its remedy, in Indonesian.

    findings      Finding, Known                  reading       bytes to a tree, safely
    drawing       a diagram as the rules ask      subset        elements that run, and what to use instead (refused)
    structure     ids, lanes, flows, loops        happenings    starts, ends, timers, messages, errors
    expressions   conditions and parameters       witness       two conditions at once: proven by an example
    activities    forms, handlers, properties     picture       can it be drawn
    definition    process.toml, persyaratan.toml  clocks        its limits and thresholds
    sheets        forms against the process       texts         letters, notices, scenarios
    edition       a whole edition
"""

from engine.authoring.lint.diagram import check_diagram
from engine.authoring.lint.edition import check_edition
from engine.authoring.lint.findings import CAUTION, FAULT, Finding, FormKeys, Known

__all__ = ["CAUTION", "FAULT", "Finding", "FormKeys", "Known", "check_diagram", "check_edition"]
