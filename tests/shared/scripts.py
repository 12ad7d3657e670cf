"""Scripts: run in an interpreter of their own, or loaded as modules from where they lie."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import gilbench

_PATH = (Path(gilbench.__file__).parents[1], Path(__file__).parent)


def output_of(script: str, *options: str) -> str:
    """Return what a script prints that may import gilbench and what lies beside this file. It must
    end well, and without a word on its standard error.
    """
    ended = subprocess.run(
        [sys.executable, *options, "-c", script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, _PATH))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def load_script(path: Path) -> ModuleType:
    """Return a script as a module of its name, which nothing else can import."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
