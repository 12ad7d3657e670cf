from dataclasses import replace

from gilbench.model import Mode
from gilbench.studies.analysis.table import Partners, Table


def table_of(lab, *cases, machine=None):
    plan = lab.plan(*cases)
    return Table.of(plan.cases, (machine or lab.Machine()).samples(plan, rounds=2))


def test_partners_share_workload_and_grain(lab):
    others = lab.cases("triad")
    table = table_of(lab, *others, *lab.cases("spin"))
    assert table.partners(lab.case("threads", 2)) == Partners(
        base=lab.case("serial", 1),
        ceiling=lab.case("native", 2),
        ceiling_base=lab.case("native", 1),
    )


def test_processes_are_the_ceiling_of_what_has_no_native_twin(lab):
    table = table_of(lab, *lab.cases("python", ceiling="processes"))
    partners = table.partners(lab.case(workload="python"))
    assert partners.ceiling == lab.case("processes", 2, workload="python")


def test_native_comes_before_processes(lab):
    table = table_of(lab, *lab.cases(ceiling="processes"), *lab.cases()[3:])
    assert table.partners(lab.case()).ceiling == lab.case("native", 2)


def test_a_ceiling_without_its_one_worker_is_none(lab):
    table = table_of(lab, *lab.cases()[:4])
    assert table.partners(lab.case()) == Partners(
        base=lab.case("serial", 1), ceiling=None, ceiling_base=None
    )


def test_a_ceiling_that_was_never_measured_gives_way_to_the_next(lab):
    plan = lab.plan(*lab.cases(), *lab.cases(ceiling="processes")[3:])
    samples = [sample for sample in lab.Machine().samples(plan) if sample.case.backend != "native"]
    assert Table.of(plan.cases, samples).partners(lab.case()).ceiling == lab.case("processes", 2)


def test_the_base_holds_where_it_can(lab):
    release = lab.case("serial", 1, Mode.RELEASE)
    table = table_of(lab, release, lab.case("serial", 1), lab.case())
    assert table.partners(lab.case()).base == lab.case("serial", 1)
    assert table_of(lab, release, lab.case()).partners(lab.case()).base == release


def test_only_accepted_samples_have_rates(lab):
    table = table_of(lab, *lab.cases(), machine=lab.Machine(burned=1))
    assert len(table.samples[lab.case("native", 2)]) == 2
    assert table.rates[lab.case("native", 2)] == {}
    assert table.rates[lab.case("serial", 1)][1].throughput == 1e8
    assert table.rates[lab.case("serial", 1)][1].host == 1


def test_another_grain_is_another_workload(lab):
    other = replace(lab.case("serial", 1), grain_ns=1)
    assert table_of(lab, other, lab.case()).partners(lab.case()).base is None
