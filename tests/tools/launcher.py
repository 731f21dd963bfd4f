"""The launcher as a module, so that tests can ask it and what it knows is written in one place."""

from __future__ import annotations

import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

HOME = Path(__file__).resolve().parents[2]


@cache
def launcher() -> ModuleType:
    loader = SourceFileLoader("izin_launcher", str(HOME / "izin"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[loader.name] = module
    # A file without an ending would leave its compiled twin beside itself.
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = writes
    return module
