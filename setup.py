"""The extension modules and their compiler options; everything else is in pyproject.toml."""

import os
import sys
from pathlib import Path

from Cython.Build import cythonize
from Cython.Compiler import Options
from setuptools import Extension, setup

Options.warning_errors = True

MODULES = sorted(path.stem for path in Path("ext").glob("*.pyx"))
DEPENDS = sorted(str(path) for path in Path("ext").rglob("*.*") if path.suffix != ".pyx")
CORES = os.cpu_count() or 1

# All are C++, but for what looks into the interpreter's internal headers: they are C alone.
C_MODULES = {"layout"}

# Without module state a module cannot be imported in an interpreter with its own GIL, and module
# state without type specs corrupts the heap there.
MACROS = [("CYTHON_USE_MODULE_STATE", "1"), ("CYTHON_USE_TYPE_SPECS", "1")]
# Fused multiply-adds, which some processors get unasked, would give `mandelbrot` other numbers. And
# where a loop happens to lie must not matter: `triad` in the caches, unaligned, has half its speed.
COMPILE = (
    ["/O2", "/EHsc"]
    if sys.platform == "win32"
    else [
        *("-O3", "-fvisibility=hidden", "-fno-strict-aliasing"),
        *("-ffp-contract=off", "-falign-functions=64", "-falign-loops=32"),
    ]
)
STANDARD = "/std:c++17" if sys.platform == "win32" else "-std=c++17"

EXTENSIONS = [
    Extension(
        f"gilbench._native.{name}",
        [f"ext/{name}.pyx"],
        depends=DEPENDS,
        include_dirs=["ext"],
        define_macros=MACROS,
        extra_compile_args=COMPILE if name in C_MODULES else [STANDARD, *COMPILE],
        extra_link_args=[] if sys.platform == "win32" else ["-pthread"],
        language="c" if name in C_MODULES else "c++",
    )
    for name in MODULES
]

setup(
    ext_modules=cythonize(
        EXTENSIONS,
        build_dir="build/cython",
        include_path=["ext"],
        compiler_directives={
            "language_level": 3,
            "freethreading_compatible": True,
            "subinterpreters_compatible": "own_gil",
            "boundscheck": False,
            "wraparound": False,
            "cdivision": True,
            "embedsignature": False,
        },
    ),
    options={"build_ext": {"parallel": CORES}},
)
