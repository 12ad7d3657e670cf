from __future__ import annotations

import pytest

from gilbench.machine.build import build_flags


def test_facts_of_a_plain_build():
    flags = build_flags(
        {
            "CONFIG_ARGS": "'--prefix=/usr' '--enable-shared' '--with-openssl=/opt/ssl' 'CC=gcc'",
            "PY_CORE_CFLAGS": "-Wall -DNDEBUG -fwrapv -O3 -I/home/me -fwrapv -march=native",
            "CFLAGS": "-O0",
            "Py_DEBUG": 0,
        }
    )
    assert flags == {
        "optimisation": "-O3",
        "assertions": "off",
        "cflags": "-fwrapv -O3 -march=native",
        "pgo": "not declared",
        "lto": "not declared",
        "configure": "--enable-shared",
        "debug": "no",
    }


@pytest.mark.parametrize(
    ("cflags", "optimisation"),
    [("-O3 -g -O0", "-O0"), ("-O0 -O2", "-O2"), ("-g -Wall", "none")],
)
def test_the_last_optimisation_flag_counts(cflags, optimisation):
    assert build_flags({"PY_CORE_CFLAGS": cflags})["optimisation"] == optimisation


def test_cflags_where_those_of_the_core_are_not_told():
    assert build_flags({"CFLAGS": "-O2"})["optimisation"] == "-O2"


@pytest.mark.parametrize(
    ("told", "pgo", "lto"),
    [
        ({"CONFIG_ARGS": "'--enable-optimizations' '--with-lto=thin'"}, "yes", "yes"),
        ({"CONFIG_ARGS": "'--with-lto'"}, "not declared", "yes"),
        ({"CONFIG_ARGS": "'--with-lto=no'"}, "not declared", "not declared"),
        ({"CONFIG_ARGS": "", "CFLAGS": "-O2 -fprofile-use -flto=auto"}, "yes", "yes"),
    ],
)
def test_profile_and_link_time_optimisation(told, pgo, lto):
    flags = build_flags(told)
    assert (flags["pgo"], flags["lto"]) == (pgo, lto)


def test_assertions_and_debug():
    flags = build_flags({"CFLAGS": "-Og", "Py_DEBUG": 1})
    assert (flags["assertions"], flags["debug"]) == ("on", "yes")


def test_nothing_told_nothing_claimed():
    assert build_flags({"CONFIG_ARGS": None}) == {}
