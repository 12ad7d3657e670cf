"""Measures a scaling curve, stores it, writes it as CSV, and draws it if matplotlib is installed.

Run as `python examples/scaling_curve.py --workers 1,2,4 --budget 30s --folder curves`.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import gilbench


def read_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workloads", nargs="*", default=["spin", "triad"])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    counts = ",".join(str(count) for count in range(1, (cores or 1) + 1))
    parser.add_argument("--workers", default=counts, help="worker counts, such as 1,2,4")
    parser.add_argument("--backends", default="threads,processes")
    parser.add_argument("--budget", default="20s", help="the time to measure in, at most")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the files go")
    return parser.parse_args()


def draw(findings: gilbench.Findings, path: Path) -> None:
    """Draw speedup against workers, a panel per workload and a line per way of running."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    workloads = list(dict.fromkeys(case.workload for case in findings.cases))
    figure, panels = pyplot.subplots(1, len(workloads), sharey=True, squeeze=False)
    for panel, workload in zip(panels[0], workloads, strict=True):
        lines: dict[str, list[tuple[int, gilbench.Estimate]]] = {}
        for case in findings.cases:
            if case.workload == workload and case.speedup is not None:
                way = f"{case.backend}, {case.mode}"
                lines.setdefault(way, []).append((case.workers, case.speedup))
            if case.workload == workload and case.ceiling is not None:
                ceiling = lines.setdefault("ceiling", [])
                if case.workers not in [workers for workers, _ in ceiling]:
                    ceiling.append((case.workers, case.ceiling))
        for way, points in lines.items():
            points.sort(key=lambda point: point[0])
            workers, speedups = zip(*points, strict=True)
            values = [speedup.value for speedup in speedups]
            errors = [
                [speedup.value - speedup.low for speedup in speedups],
                [speedup.high - speedup.value for speedup in speedups],
            ]
            panel.errorbar(workers, values, errors, label=way, marker="o", capsize=3)
        panel.set(title=workload, xlabel="workers", ylim=(0, None))
        if lines:  # none where all is inconclusive
            panel.legend()
    panels[0][0].set_ylabel("speedup over one worker, 95 % interval")
    figure.savefig(path)


def main() -> None:
    """Measure, store, and draw."""
    asked = read_arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    findings = gilbench.run(
        asked.workloads,
        backends=asked.backends.split(","),
        workers=[int(count) for count in asked.workers.split(",")],
        budget=asked.budget,
        output=asked.folder / "curve.jsonl",  # the samples: the rest can be made again from them
    )
    table = asked.folder / "curve.csv"
    table.write_bytes(gilbench.findings_to_csv(findings).encode())
    print(f"{len(findings.cases)} cases: {table}")
    try:
        draw(findings, asked.folder / "curve.png")
    except ModuleNotFoundError as error:
        print(f"nothing is drawn: {error.name} is not installed")
    else:
        print(f"drawn: {asked.folder / 'curve.png'}")
    print(findings.headline)


if __name__ == "__main__":
    main()
