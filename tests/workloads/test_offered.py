from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gilbench import discovery, workloads
from gilbench.errors import InputError
from listings import offered

Offer = Callable[..., Path]

RECIPE = """
from dataclasses import dataclass
from gilbench.plugin import *

@dataclass(frozen=True)
class Nap:
    text: str = "nap"
    grain_ns: int | None = None
    modes: tuple = (Mode.HOLD,)
    has_native_twin: bool = False
    stoppable: bool = False
    shuts_out: bool = False
    bytes: int = 0
    def task(self):
        raise NotImplementedError

def make(spec):
    spec.read({"grain": Parameter(default=0, read=read_grain, meaning="")})
    return Nap(%s)

OFFER = Recipe(summary="sleeps", parameters="grain=DURATION", make=make)
"""


def listed(name: str) -> tuple[str, str | None]:
    return offered(workloads.catalogue(), name)


def test_a_workload_of_another_distribution_is_found_by_its_text(offer: Offer) -> None:
    offer(discovery.WORKLOADS, "nap", RECIPE % "")
    assert workloads.find("nap").text == "nap"
    assert workloads.find("nap:grain=1ms").text == "nap"
    assert "nap" in workloads.names()
    assert listed("nap") == ("sleeps (from others-own 1.0)", None)


def test_it_refuses_parameters_as_ours_do(offer: Offer) -> None:
    offer(discovery.WORKLOADS, "nap", RECIPE % "")
    with pytest.raises(InputError, match=r"'nap' has no parameter 'grian'; did you mean 'grain'\?"):
        workloads.find("nap:grian=1ms")
    with pytest.raises(InputError, match="'1ms' in workload 'nap:1ms,' is no parameter: write nap"):
        workloads.find("nap:1ms,")


def test_its_name_is_among_those_that_were_meant(offer: Offer) -> None:
    offer(discovery.WORKLOADS, "siesta", RECIPE % "'siesta'")
    with pytest.raises(InputError, match=r"unknown workload 'sieste'; did you mean 'siesta'\?"):
        workloads.find("sieste")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nowhere", "'nap' of others-own 1.0 cannot be loaded: ModuleNotFoundError: No mod"),
        ("OFFER = len", "'nap' of others-own 1.0 is builtin_function_or_method, not a gilbench."),
        (RECIPE % "'pan'", "workload 'nap' of others-own 1.0 calls itself 'pan', by which no work"),
        (RECIPE % "modes=()", "workload 'nap' of others-own 1.0 has the modes (), which are none"),
        (
            RECIPE % "modes=('hold',)",
            "workload 'nap' of others-own 1.0 has the modes ('hold',), wh",
        ),
        (
            RECIPE % "grain_ns='1ms'",
            "workload 'nap' of others-own 1.0 has the grain '1ms': it is whole nanosecon",
        ),
        (RECIPE % "grain_ns=1e6", "workload 'nap' of others-own 1.0 has the grain 1000000.0: it i"),
        (RECIPE % "bytes=None", "workload 'nap' of others-own 1.0 takes None bytes: it is a whole"),
        (RECIPE % "modes=1", "workload 'nap' of others-own 1.0 has the modes 1, which are none"),
        (
            RECIPE % "text=1",
            "workload 'nap' of others-own 1.0 calls itself 1, by which no worker",
        ),
        (
            RECIPE.replace("return Nap(%s)", "raise SystemExit('enough')"),
            "workload 'nap' of others-own 1.0 cannot be made: SystemExit: enough",
        ),
        (
            RECIPE.replace("    bytes: int = 0", "    @property\n    def bytes(self): 1 / 0") % "",
            "workload 'nap' of others-own 1.0 is no workload: Nap lacks bytes (ZeroDivision",
        ),
        (
            RECIPE.replace('"grain=DURATION"', "1") % "",
            "'nap' of others-own 1.0 is described by 1, which is no text",
        ),
        (RECIPE % "nap", "workload 'nap' of others-own 1.0 cannot be made: NameError: name 'nap'"),
        (
            RECIPE.replace("return Nap(%s)", "return spec"),
            "workload 'nap' of others-own 1.0 is no workload: Spec lacks text, grain_ns, modes, ",
        ),
    ],
)
def test_what_is_no_workload_is_one_line_and_listed_with_it(
    text: str, reason: str, offer: Offer
) -> None:
    offer(discovery.WORKLOADS, "nap", text)
    with pytest.raises(InputError) as caught:
        workloads.find("nap")
    assert str(caught.value).startswith(reason)
    assert listed("nap")[1] == str(caught.value)


def test_a_name_of_ours_stays_ours(offer: Offer) -> None:
    offer(discovery.WORKLOADS, "spin", RECIPE % "'spin'")
    assert workloads.find("spin").has_native_twin
    assert workloads.names().count("spin") == 1
    assert listed("spin") == (
        "a workload (from others-own 1.0)",
        "gilbench has its own of that name",
    )


def test_modules_functions_come_before_what_others_offer(offer: Offer) -> None:
    offer(discovery.WORKLOADS, "nap", RECIPE % "")
    assert workloads.find("nap:function").text == "nap:function"
