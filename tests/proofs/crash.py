"""Proof: web and worker are killed again and again, most often at the worst moment; nothing is lost, nothing is doubled.

The calm half of `effects`: clocks run as they should, connections hold, leases are longer than what they are taken for.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.proofs import ordeal
from tests.proofs.mortal import SIGNING


def main(argv: Sequence[str]) -> int:
    """Exit status 1 when anything is lost, doubled, stuck or strange; the last line is one line of figures."""
    args = ordeal.arguments("crash", __doc__, 200).parse_args(argv)
    print(f"seed {args.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="izin-crash-") as folder, ordeal.office(Path(folder)) as engine:
        outcome = ordeal.live_through(engine, ordeal.Ordeal(), args)
    print("\n".join([*outcome.troubles[:20], outcome.deaths_told()]))
    print(f"kills={outcome.killed} inside={outcome.share_inside:.2f} gap={outcome.deaths.get(SIGNING, 0)} "
          f"cases={outcome.cases} events={outcome.events} orphans_swept={outcome.orphans} "
          f"troubles={len(outcome.troubles)} seconds={time.monotonic() - begun:.0f}")
    return 1 if outcome.troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
