from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gilbench.model import AmdahlFit, Curve, CurvePoint, Findings, GuntherFit, Mode
from gilbench.report.curves import curve_lines
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page

if TYPE_CHECKING:
    from types import SimpleNamespace

NO_FIT = "no fit: two points are not enough for one (1 and 2 workers, the base included)"


def shown(findings: Findings, width: int = 100) -> list[str]:
    return [line.plain for line in curve_lines(findings, Page(width=width, glyphs=UNICODE))]


def curve(make: SimpleNamespace, share: float = 0.2, **changes: Any) -> Curve:
    points = tuple(
        CurvePoint(
            workers=workers,
            speedup=make.estimate(speedup),
            serial_share=None if workers == 1 else make.estimate(share),
            fitted=True,
        )
        for workers, speedup in ((1, 1.0), (2, 1.67), (4, 2.5))
    )
    return Curve(
        **{
            "workload": "spin",
            "mode": Mode.HOLD,
            "backend": "threads",
            "grain_ns": 10**6,
            "points": points,
            "amdahl": AmdahlFit(serial_share=make.estimate(share)),
            "gunther": GuntherFit(
                contention=make.estimate(0.19), coherency=make.estimate(0.0012, 0.002)
            ),
            "reason": None,
            **changes,
        }
    )


def without_fit(make: SimpleNamespace, **changes: Any) -> Curve:
    return curve(make, **{"amdahl": None, "gunther": None, "reason": NO_FIT, **changes})


def test_shows_both_fits_with_intervals_and_each_points_share(make: SimpleNamespace) -> None:
    lines = shown(make.findings(make.case(), curves=(curve(make),)), width=200)
    assert lines[0] == "How it scales, with 95 % intervals"
    assert lines[1] == (
        "spin, threads, holding: serial share 0.20 [0.18, 0.22], contention 0.19 [0.17, 0.21], "
        "coherency 0.0012 [-0.0008, 0.0032], serial share at 2: 0.20, serial share at 4: 0.20"
    )
    assert "Amdahl" in lines[2]
    assert "Gunther" in " ".join(lines)
    assert "Karp and Flatt" in " ".join(lines)
    assert "Below 0" not in " ".join(lines)


def test_says_what_a_negative_figure_means(make: SimpleNamespace) -> None:
    lines = shown(make.findings(make.case(), curves=(curve(make, -0.1),)), width=200)
    assert "serial share -0.10 [-0.12, -0.08]," in lines[1]
    assert any(line.startswith("Below 0: the speedup is more than the workers") for line in lines)


def test_a_negative_nothing_is_nothing(make: SimpleNamespace) -> None:
    lines = shown(make.findings(make.case(), curves=(curve(make, -0.001),)), width=200)
    assert "serial share 0.00 [-0.02, 0.02]," in lines[1]
    assert "Below 0" not in " ".join(lines)


def test_a_reason_that_all_share_stands_once(make: SimpleNamespace) -> None:
    curves = (without_fit(make), without_fit(make, backend="native", mode=Mode.RELEASE))
    lines = shown(make.findings(make.case(), curves=curves))
    assert lines == ["How it scales, with 95 % intervals", NO_FIT]


def test_a_reason_that_some_share_names_them(make: SimpleNamespace) -> None:
    curves = (
        curve(make),
        without_fit(make, backend="native", mode=Mode.RELEASE),
        without_fit(make, backend="fork"),
    )
    cases = (make.case(), make.case("fork"), make.case("native"))
    lines = shown(make.findings(*cases, curves=curves), width=200)
    assert f"spin, native; spin, fork: {NO_FIT}" in lines


def test_what_was_left_out_stands_beside_the_fit(make: SimpleNamespace) -> None:
    left_out = "left out: 8 workers, more than the cores (4)"
    lines = shown(make.findings(make.case(), curves=(curve(make, reason=left_out),)), width=200)
    assert left_out in lines
    assert "serial share 0.20" in lines[1]


def test_without_a_curve_there_is_no_section(make: SimpleNamespace) -> None:
    assert shown(make.gil_build()) == []


def test_fits_every_page(make: SimpleNamespace) -> None:
    findings = make.findings(make.case(), curves=(curve(make), without_fit(make, backend="fork")))
    for width in range(20, 121):
        assert max(map(len, shown(findings, width))) <= width


def test_grains_of_a_workload_are_told_apart(make: SimpleNamespace) -> None:
    cases = (make.case(), make.case(grain_ns=10**5))
    lines = shown(make.findings(*cases, curves=(curve(make), curve(make, grain_ns=10**5))), 200)
    assert lines[1].startswith("spin:grain=1ms, threads, holding: ")
    assert lines[2].startswith("spin:grain=100us, threads, holding: ")
