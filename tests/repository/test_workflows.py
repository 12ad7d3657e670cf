"""The workflows of GitHub: valid, pinned, with no permission that they do not need."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

PINNED: Final = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+(\.\d+)*")
TAGS_ONLY: Final = "github.event_name == 'push' && startsWith(github.ref, 'refs/tags/v')"


@pytest.fixture(scope="session")
def workflows(root: Path) -> list[Path]:
    return [root / "wheels.yml", *sorted((root / ".github" / "workflows").glob("*.y*ml"))]


@pytest.fixture
def jobs(root: Path) -> Callable[[str], dict[str, Any]]:
    """Read a workflow's jobs."""
    yaml = pytest.importorskip("ruamel.yaml", reason="pip install --group ci")

    def read(path: str) -> dict[str, Any]:
        jobs: dict[str, Any] = yaml.YAML(typ="safe").load(root / path)["jobs"]
        return jobs

    return read


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step["run"] for step in job["steps"] if "run" in step)


def test_github_runs_the_workflow_that_is_edited(checkout: Path) -> None:
    copy = (checkout / ".github" / "workflows" / "wheels.yml").read_bytes()
    assert copy == (checkout / "wheels.yml").read_bytes(), "cp wheels.yml .github/workflows/"


@pytest.mark.parametrize(
    "schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"]
)
def test_they_fit_the_schema(
    schema: str, workflows: list[Path], tool: Callable[..., SimpleNamespace]
) -> None:
    checked = tool("check_jsonschema", "--builtin-schema", schema, *map(str, workflows))
    assert checked.status == 0, checked.said


def test_every_action_is_pinned_by_commit(workflows: list[Path]) -> None:
    steps = [
        (path.name, step)
        for path in workflows
        for step in re.findall(r"\buses:\s*(.*)", path.read_text(encoding="utf-8"))
    ]
    assert steps
    loose = [found for found in steps if not PINNED.fullmatch(found[1])]
    assert not loose, "not owner/action@<40 hex digits> # v<version>"


def test_the_same_action_has_the_same_commit_everywhere(workflows: list[Path]) -> None:
    pins: dict[str, set[str]] = {}
    for path in workflows:
        for action, commit in re.findall(r"uses: (\S+)@(.*)", path.read_text(encoding="utf-8")):
            pins.setdefault(action, set()).add(commit)
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}


def test_no_permission_is_given_to_all_jobs(workflows: list[Path]) -> None:
    for path in workflows:
        assert re.search(r"^permissions: \{\}$", path.read_text(encoding="utf-8"), re.M), path


def test_jobs_have_the_permissions_that_they_need(
    jobs: Callable[[str], dict[str, Any]],
) -> None:
    read = {name: job["permissions"] for name, job in jobs("wheels.yml").items()}
    assert read == {
        "sdist": {"contents": "read"},
        "wheels": {},
        "one-cpu": {},
        "publish": {"id-token": "write"},
    }


def test_every_job_of_the_ci_only_reads(
    checkout: Path, jobs: Callable[[str], dict[str, Any]]
) -> None:
    for job in jobs(".github/workflows/ci.yml").values():
        assert job["permissions"] == {"contents": "read"}


def test_a_checkout_keeps_no_credentials(workflows: list[Path]) -> None:
    for path in workflows:
        told = path.read_text(encoding="utf-8")
        assert told.count("actions/checkout@") == told.count("persist-credentials: false")
        assert "secrets." not in told


def test_only_a_tag_publishes_and_only_what_was_tested(
    jobs: Callable[[str], dict[str, Any]],
) -> None:
    publish = jobs("wheels.yml")["publish"]
    assert publish["if"] == TAGS_ONLY
    assert publish["needs"] == ["sdist", "wheels", "one-cpu"]
    assert publish["environment"] == "pypi"
    assert [step["uses"].partition("@")[0] for step in publish["steps"]] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]


def test_wheels_are_built_from_the_sdist(jobs: Callable[[str], dict[str, Any]]) -> None:
    read = jobs("wheels.yml")
    assert "actions/checkout" not in str(read["wheels"])
    assert "python -m cibuildwheel --output-dir wheelhouse dist/*.tar.gz" in commands(
        read["wheels"]
    )
    assert "python -m twine check --strict dist/*.tar.gz" in commands(read["sdist"])
    assert "python -m twine check --strict wheelhouse/*.whl" in commands(read["wheels"])


def test_a_wheel_is_tried_on_one_cpu(jobs: Callable[[str], dict[str, Any]]) -> None:
    told = commands(jobs("wheels.yml")["one-cpu"])
    assert "taskset --cpu-list 0 python -I -m gilbench run spin --budget 3s" in told
    assert 'taskset --cpu-list 0 python -m pytest -m "not slow" source/tests' in told


def test_tools_have_the_versions_that_the_gate_tries(root: Path, workflows: list[Path]) -> None:
    group = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    tried = {pin for pin in group["dependency-groups"]["ci"] if "==" in pin}
    used = {
        pin
        for path in workflows
        for pin in re.findall(r"\b[\w-]+==[\w.]+", path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= tried
