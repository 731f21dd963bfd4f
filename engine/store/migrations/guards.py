"""Triggers that keep the journal append-only: INSERT of new links is all that passes (formats.md 3)."""

from __future__ import annotations

from sqlalchemy import Connection

APPEND_ONLY = {"event": ("chain", "seq"), "erasure": ("chain", "seq"), "access": ("day", "seq")}
"""Tables whose rows never change, with their key."""

KEYED = APPEND_ONLY | {"payload": ("chain", "seq")}
"""Tables into which no existing key may be inserted again (REPLACE would pass by the other triggers)."""

ERASED = ("NEW.body IS NULL AND NEW.salt IS NULL AND NEW.chain = OLD.chain AND NEW.seq = OLD.seq "
          "AND EXISTS (SELECT 1 FROM erasure WHERE erasure.chain = OLD.chain AND erasure.seq = OLD.seq)")
"""The one change a payload may see: emptied, by a decision that is on record."""

MESSAGE = "the journal is append-only"


def guard(connection: Connection) -> None:
    """Install the triggers."""
    for statement in _sqlite() if connection.dialect.name == "sqlite" else _postgresql():
        connection.exec_driver_sql(statement)


def unguard(connection: Connection) -> None:
    """Remove what does not go with the tables."""
    if connection.dialect.name == "sqlite":
        for table in KEYED:
            for name in ("no_update", "no_delete", "no_replace"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{name}")
    else:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS journal_refuse() CASCADE")
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS payload_refuse() CASCADE")


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    made = []
    for table, key in KEYED.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        when = "" if table in APPEND_ONLY else f"WHEN NOT ({ERASED}) "
        made += [f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}{refuse}",
                 f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
                 f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                 f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"]
    return made


def _postgresql() -> list[str]:
    made = [
        f"CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        f"CREATE FUNCTION payload_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT ({ERASED}) THEN RAISE EXCEPTION '{MESSAGE}'; END IF; RETURN NEW; END $$"]
    for table in KEYED:
        update = "journal_refuse" if table in APPEND_ONLY else "payload_refuse"
        made += [f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {update}()",
                 f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
                 f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION journal_refuse()"]
    return made
