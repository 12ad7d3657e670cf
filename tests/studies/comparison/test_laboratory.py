from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from gilbench.comparison import Trial, Way
from gilbench.errors import HostError, InputError
from gilbench.experiment.link import HostLostError
from gilbench.host.protocol import FailedReply, Message, TrialReply, TrialRequest
from gilbench.model import Status
from gilbench.studies.comparison.laboratory import HostLaboratory

DONE = TrialReply(figures={"start_ns": (1.0, 2.0)}, words={"died": "nobody"})


@dataclass
class Host:
    answer: Callable[[TrialRequest], Message]
    asked: list[TrialRequest] = field(default_factory=list)
    closings: int = 0

    def ask(self, request: Message, timeout_s: float) -> Message:
        assert not self.closings
        assert isinstance(request, TrialRequest)
        self.asked.append(request)
        return self.answer(request)

    def dismiss(self) -> None:
        pass

    def close(self) -> None:
        self.closings += 1


@dataclass
class Hosts:
    answer: Callable[[TrialRequest], Message] = lambda _: DONE
    started: list[Host] = field(default_factory=list)

    def start(self) -> Host:
        self.started.append(Host(self.answer))
        return self.started[-1]

    def asked(self) -> list[TrialRequest]:
        return [request for host in self.started for request in host.asked]


@pytest.fixture
def hosts() -> Hosts:
    return Hosts()


def laboratory(hosts: Hosts, dsn: str | None = None) -> HostLaboratory:
    return HostLaboratory(seed=1, dsn=dsn, start_host=hosts.start)


def test_a_trial_is_asked_of_a_host(hosts: Hosts) -> None:
    trial = laboratory(hosts).trial("creation", "start", Way.FORK, round=3, count=5, cold=True)
    assert trial == Trial(
        row="creation",
        name="start",
        way=Way.FORK,
        parameters={"count": 5, "cold": True},
        round=3,
        figures={"start_ns": (1.0, 2.0)},
        words={"died": "nobody"},
    )
    (request,) = hosts.asked()
    assert (request.row, request.name, request.way) == ("creation", "start", Way.FORK)
    assert request.parameters == {"count": 5, "cold": True}


def test_no_host_is_started_before_it_is_needed(hosts: Hosts) -> None:
    laboratory(hosts).close()
    assert not hosts.started


def test_trials_share_a_host_unless_they_are_to_be_alone(hosts: Hosts) -> None:
    ours = laboratory(hosts)
    for fresh in (False, True, False, True):
        ours.trial("creation", "start", None, fresh=fresh)
    assert [len(host.asked) for host in hosts.started] == [2, 1, 1]
    assert [host.closings for host in hosts.started] == [0, 1, 1]
    ours.close()
    ours.close()
    assert [host.closings for host in hosts.started] == [1, 1, 1]


def test_each_trial_has_dice_of_its_own_and_the_same_seed_the_same() -> None:
    first, second = Hosts(), Hosts()
    for hosts in (first, second):
        ours = laboratory(hosts)
        for _ in range(3):
            ours.trial("creation", "start", None)
    seeds = [request.seed for request in first.asked()]
    assert len(set(seeds)) == 3
    assert seeds == [request.seed for request in second.asked()]


@pytest.mark.parametrize(
    ("kind", "status"), [("unavailable", Status.UNAVAILABLE), ("failed", Status.FAILED)]
)
def test_what_went_wrong_is_a_trial_too(kind: str, status: Status, hosts: Hosts) -> None:
    hosts.answer = lambda _: FailedReply(kind=kind, reason="no fork here")
    trial = laboratory(hosts).trial("creation", "start", Way.FORK)
    assert (trial.status, trial.reason, trial.figures) == (status, "no fork here", {})


def test_what_the_user_can_mend_is_raised(hosts: Hosts) -> None:
    hosts.answer = lambda _: FailedReply(kind="input", reason="there is no module 'nope'")
    with pytest.raises(InputError, match="^there is no module 'nope'$"):
        laboratory(hosts).trial("memory", "import", None)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_lost_host_is_a_failed_trial_and_is_replaced(fresh: bool, hosts: Hosts) -> None:
    def lost(request: TrialRequest) -> Message:
        if request.name == "crash":
            raise HostLostError("the host was killed by SIGSEGV")
        return DONE

    hosts.answer = lost
    ours = laboratory(hosts)
    trial = ours.trial("crash", "crash", Way.THREAD, fresh=fresh)
    assert (trial.status, trial.reason) == (Status.FAILED, "the host was killed by SIGSEGV")
    assert hosts.started[0].closings == 1
    assert ours.trial("crash", "start", None).status is Status.OK
    assert len(hosts.started) == 2


def test_what_interrupts_a_fresh_host_leaves_none(hosts: Hosts) -> None:
    def interrupted(_: TrialRequest) -> Message:
        raise KeyboardInterrupt

    hosts.answer = interrupted
    with pytest.raises(KeyboardInterrupt):
        laboratory(hosts).trial("crash", "crash", None, fresh=True)
    assert hosts.started[0].closings == 1


def test_no_host_is_no_trial(hosts: Hosts) -> None:
    def start() -> Host:
        raise HostError("a host could not be started")

    with pytest.raises(HostError):
        HostLaboratory(seed=1, start_host=start).trial("crash", "crash", None)


# The server's address


DSN = "postgresql://me:secret@localhost/db"


def test_the_address_goes_to_trials_of_the_server_only_and_is_not_stored(hosts: Hosts) -> None:
    ours = laboratory(hosts, DSN)
    told = ours.trial("io-bound", "postgres-query", None, delay=1)
    ours.trial("io-bound", "sqlite", None)
    assert [request.parameters for request in hosts.asked()] == [{"delay": 1, "dsn": DSN}, {}]
    assert told.parameters == {"delay": 1}


@pytest.mark.parametrize("kind", ["failed", "unavailable", "input"])
def test_who_quotes_the_address_does_not_spread_it(kind: str, hosts: Hosts) -> None:
    hosts.answer = lambda _: FailedReply(kind=kind, reason=f"cannot read {DSN!r}")
    ours = laboratory(hosts, DSN)
    try:
        said = ours.trial("io-bound", "postgres", None).reason
    except InputError as error:
        said = str(error)
    assert said == "cannot read '(the DSN)'"


def test_a_real_host_answers(tmp_path: object) -> None:
    ours = HostLaboratory(seed=1)
    try:
        with pytest.raises(InputError, match="no trials for 'speed'"):
            ours.trial("speed", "start", None)
    finally:
        ours.close()
