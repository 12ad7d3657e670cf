from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gilbench import backends, discovery
from gilbench.errors import InputError
from listings import offered

Offer = Callable[..., Path]

BACKEND = """
class Pool:
    name = "pool"
    summary = "threads of a pool"
    shares_the_gil = True
    def unavailable(self):
        return None
    def crew(self):
        raise NotImplementedError

OFFER = Pool()
"""


def listed(name: str) -> tuple[str, str | None]:
    return offered(backends.catalogue(), name)


def test_a_backend_of_another_distribution_is_found_by_its_name(offer: Offer) -> None:
    offer(discovery.BACKENDS, "pool", BACKEND)
    assert backends.find("pool").summary == "threads of a pool"
    assert backends.names()[-1] == "pool"
    assert listed("pool") == ("threads of a pool (from others-own 1.0)", None)


def test_its_name_is_among_those_that_were_meant(offer: Offer) -> None:
    offer(discovery.BACKENDS, "pool", BACKEND)
    with pytest.raises(InputError, match=r"unknown backend 'poool'; did you mean 'pool'\?"):
        backends.find("poool")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "import nowhere",
            "'pool' of others-own 1.0 cannot be loaded: ModuleNotFoundError: No mod",
        ),
        (BACKEND.replace("Pool()", "Pool"), "'pool' of others-own 1.0 is the class Pool, not a ba"),
        ("OFFER = 3", "'pool' of others-own 1.0 is no backend: int lacks name, summary, shares_th"),
        (
            BACKEND.replace("summary =", "@property\n    def summary(self): 1 / 0\n    other ="),
            "'pool' of others-own 1.0 is no backend: Pool lacks summary (ZeroDivisionError: divis",
        ),
        (BACKEND.replace('"pool"', '"swarm"'), "'pool' of others-own 1.0 calls itself 'swarm': gi"),
    ],
)
def test_what_is_no_backend_is_one_line_and_listed_with_it(
    text: str, reason: str, offer: Offer
) -> None:
    offer(discovery.BACKENDS, "pool", text)
    with pytest.raises(InputError) as caught:
        backends.find("pool")
    assert str(caught.value).startswith(reason)
    assert listed("pool")[1] == str(caught.value)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return 'no pools here'", "no pools here"),
        ("raise OSError('lost')", "it cannot tell whether it runs here: OSError: lost"),
        ("raise SystemExit(3)", "it cannot tell whether it runs here: SystemExit: 3"),
    ],
)
def test_what_cannot_run_here_is_listed_with_the_reason(
    body: str, reason: str, offer: Offer
) -> None:
    offer(discovery.BACKENDS, "pool", BACKEND.replace("return None", body))
    assert listed("pool")[1] == reason
    assert backends.why_unavailable(backends.find("pool")) == reason


def test_a_name_of_ours_stays_ours(offer: Offer) -> None:
    offer(discovery.BACKENDS, "threads", BACKEND)
    assert backends.find("threads").summary == "threads of one interpreter"
    assert listed("threads")[1] == "gilbench has its own of that name"
