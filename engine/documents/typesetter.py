"""The typesetter: a child process that sets one letter after the other and may be killed. Knows nothing but Typst.

A job comes in as JSON (folder, main file, time), the answer goes out; the PDF is written beside the folder. It runs
apart from the engine because a template is an analyst's text: it may loop, eat memory or ask the network for a package.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from pathlib import Path

import typst

HEAD = 8   # as in child.py, which this file cannot import: it stands alone
MEMORY = 2 << 30
NOWHERE = "/nonexistent"
DEAD_PROXY = "http://127.0.0.1:9"


def shut_out_the_network() -> None:
    """A package import is refused before; should one slip through, it meets a closed door instead of a server."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"):
        os.environ[name] = DEAD_PROXY


def set_letter(job: dict[str, object], fonts: typst.Fonts) -> dict[str, object]:
    root = Path(str(job["root"]))
    compiler = typst.Compiler(
        str(root / str(job["main"])), root=str(root), font_paths=fonts, ignore_system_fonts=True,
        package_path=NOWHERE, package_cache_path=NOWHERE)
    pdf = compiler.compile(format="pdf", pdf_standards=["a-2a"], timestamp=int(str(job["timestamp"])))
    if not isinstance(pdf, bytes):
        return {"error": "the template yields no document"}
    Path(str(job["output"])).write_bytes(pdf)
    return {"boxes": json.loads(compiler.query("<kotak_ttd>", field="value"))}


def answer(job: bytes, fonts: typst.Fonts) -> dict[str, object]:
    try:
        return set_letter(json.loads(job), fonts)
    except typst.TypstError as error:
        return {"error": f"{error.message} | {error.diagnostic}"}
    except (RuntimeError, MemoryError) as error:
        return {"error": str(error)}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)   # Ctrl-C is for the parent, which finishes what is running
    shut_out_the_network()
    fonts = typst.Fonts(include_system_fonts=False)
    while len(head := sys.stdin.buffer.read(HEAD)) == HEAD:
        said = json.dumps(answer(sys.stdin.buffer.read(int.from_bytes(head, "big")), fonts)).encode()
        sys.stdout.buffer.write(len(said).to_bytes(HEAD, "big") + said)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
