"""Log lines: an action, a case, never a person's data."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from engine.errors import CannotRun
from engine.settings import Settings

FIELDS = ("action", "case", "task", "key", "operation", "attempt", "incident", "count", "status", "milliseconds", "cause")
"""What a line may carry beside its message; anything else is dropped, so that nothing personal slips in."""

NOISY = {"pyhanko": logging.CRITICAL, "pyhanko_certvalidator": logging.CRITICAL, "apscheduler": logging.ERROR,
         **dict.fromkeys(("alembic", "fontTools", "SpiffWorkflow", "spiff", "waitress", "PIL"), logging.WARNING)}
"""Libraries that tell more than an office wants to know, and from when on they are heard: the bell's scheduler would warn
every second of a round that takes longer than one."""


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


class SharedFile(RotatingFileHandler):
    """One log file of several processes: who finds it full turns it over, the others follow to the new one."""

    def emit(self, record: logging.LogRecord) -> None:
        self._follow()
        super().emit(record)

    def doRollover(self) -> None:
        """Turn the file over, once: another process may have done so while this one waited."""
        with open(f"{self.baseFilename}.lock", "ab") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not self._follow():
                super().doRollover()

    def _follow(self) -> bool:
        """Open the file anew when it was turned over; True when it was."""
        if self.stream is None or _same_file(self.stream.fileno(), self.baseFilename):
            return False
        self.stream.close()
        self.stream = self._open()
        return True


def _same_file(number: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(number), os.stat(path))
    except FileNotFoundError:
        return False


def set_up(level: str = "INFO", log_handler: logging.Handler | None = None) -> None:
    """Write the log to standard error (the supervisor or systemd keeps it), or where the handler writes."""
    log_handler = log_handler or logging.StreamHandler(sys.stderr)
    log_handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.handlers[:] = [log_handler]
    root.setLevel(level)
    for noisy, heard in NOISY.items():
        logging.getLogger(noisy).setLevel(heard)


def keep_log(settings: Settings) -> None:
    """The log of a process that stays: in the file of the settings, else on standard error."""
    set_up(settings.log_level, _file_of(settings) if settings.log_file else None)


def _file_of(settings: Settings) -> SharedFile:
    path = Path(settings.log_file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return SharedFile(path, maxBytes=settings.log_megabytes << 20, backupCount=settings.log_keep, encoding="utf-8")
    except OSError as fault:
        raise CannotRun(f"{path}: {fault}", advice=f"Catatan {path} tidak dapat ditulis ({fault.strerror}); perbaiki "
                                                   "IZIN_LOG_FILE.") from fault
