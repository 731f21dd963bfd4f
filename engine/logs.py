"""Log lines: an action, a case, never a person's data."""

from __future__ import annotations

import json
import logging
import sys

FIELDS = ("action", "case", "task", "key", "operation", "attempt", "incident", "count", "status", "milliseconds", "cause")
"""What a line may carry beside its message; anything else is dropped, so that nothing personal slips in."""

NOISY = ("pyhanko", "pyhanko_certvalidator", "alembic", "apscheduler", "fontTools", "SpiffWorkflow", "spiff", "waitress",
         "PIL")
"""Libraries that tell more than an office wants to know."""


class LineFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname, "from": record.name,
                "message": record.getMessage()}
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = _fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _fault(fault: BaseException) -> str:
    """Kind and place of a fault; its text may hold values of a person and stays out."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(fault).__name__} at {place}"


def set_up(level: str = "INFO") -> None:
    """Write the log to standard error; the supervisor or systemd keeps it."""
    log_handler = logging.StreamHandler(sys.stderr)
    log_handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.handlers[:] = [log_handler]
    root.setLevel(level)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.CRITICAL if noisy.startswith("pyhanko") else logging.WARNING)
