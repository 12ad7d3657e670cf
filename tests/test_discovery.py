from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import gilbench
from gilbench import discovery
from gilbench.errors import InputError

Offer = Callable[..., Path]
GROUP = discovery.WORKLOADS


def test_an_offer_is_found_by_its_name_and_loaded_when_asked(offer: Offer) -> None:
    offer(GROUP, "sieve", "OFFER = object()")
    found = discovery.offer(GROUP, "sieve")
    assert found is not None
    assert (found.name, found.origin) == ("sieve", "others-own 1.0")
    assert not [name for name in sys.modules if name.startswith("others_own")]
    assert type(found.load()) is object


def test_what_nobody_offers_is_null(offer: Offer) -> None:
    offer(GROUP, "sieve", "OFFER = 1")
    assert discovery.offer(GROUP, "sive") is None
    assert discovery.offer(discovery.BACKENDS, "sieve") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
        ("OTHER = 1", "AttributeError: "),
        ("raise LookupError('not\\ntoday')", "LookupError: not today"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise RuntimeError", "RuntimeError"),
        ("an error", "SyntaxError: "),
    ],
)
def test_what_does_not_load_is_one_line_with_its_distribution(
    text: str, reason: str, offer: Offer
) -> None:
    offer(GROUP, "sieve", text)
    found = discovery.offer(GROUP, "sieve")
    assert found is not None
    with pytest.raises(InputError) as caught:
        found.load()
    message = f"'sieve' of others-own 1.0 cannot be loaded: {reason}"
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_name_that_two_offer_is_refused(offer: Offer) -> None:
    offer(GROUP, "sieve", "OFFER = 1")
    offer(GROUP, "sieve", "OFFER = 2", distribution="another")
    with pytest.raises(InputError, match=r"^'sieve' of another 1.0: others-own 1.0 offers the sam"):
        discovery.offer(GROUP, "sieve")


def test_a_distribution_that_is_there_twice_is_taken_once(offer: Offer) -> None:
    offer(GROUP, "sieve", "OFFER = 'behind'")
    offer(GROUP, "sieve", "OFFER = 'in front'")
    found = discovery.offer(GROUP, "sieve")
    assert found is not None
    assert found.load() == "in front"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("spin", "gilbench has its own of that name"),
        ("a name", "a name has letters, digits, '_', '-' and '.' only"),
        ("a,b", "a name has letters, digits, '_', '-' and '.' only"),
        ("sieve-2", None),
    ],
)
def test_some_names_are_refused(name: str, reason: str | None, offer: Offer) -> None:
    offer(GROUP, name, "OFFER = 1")
    (found,) = [each for each in discovery.offers(GROUP) if each.distribution == "others-own"]
    assert discovery.refusal(found, GROUP, built_in={"spin"}) == reason


def test_what_an_object_lacks_of_a_protocol_is_named() -> None:
    class Protocol:
        one: int = 1

        def other(self) -> None: ...

    assert discovery.lacking(object(), Protocol) == "one, other"
    assert discovery.lacking(Protocol(), Protocol) is None


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuntimeError("not now"), "one (RuntimeError: not now)"),
        (SystemExit(3), "one (SystemExit: 3)"),
        (AttributeError("inner"), "one"),
    ],
)
def test_what_raises_when_it_is_looked_at_is_lacking(error: BaseException, told: str) -> None:
    class Protocol:
        one: int = 1

    class Broken:
        @property
        def one(self) -> int:
            raise error

    assert discovery.lacking(Broken(), Protocol) == told


def test_results_can_name_the_distributions(offer: Offer) -> None:
    offer(GROUP, "sieve", "OFFER = 1")
    offer(discovery.BACKENDS, "pool", "OFFER = 1", distribution="another")
    assert discovery.versions().items() >= {("others-own", "1.0"), ("another", "1.0")}
    assert gilbench.environment().packages["others-own"] == "1.0"


@pytest.mark.parametrize("text", ["spin", "mix:share=0.5", "python", "module:function"])
def test_metadata_is_read_only_for_what_is_not_built_in(text: str) -> None:
    code = (
        "import sys; from gilbench import backends, workloads; "
        f"workloads.find({text!r}); [backends.find(name) for name in backends.BACKENDS]; "
        "assert 'importlib.metadata' not in sys.modules"
    )
    # -S: what the site's .pth files import is not ours.
    subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"],
        check=True,
        timeout=60,
    )
