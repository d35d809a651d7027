"""The house rules of the rules themselves."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

from flows.declarations import root
from flows.declarations.columns import columns
from flows.declarations.contracts import contracts
from flows.declarations.intake_rules import intake_rules
from flows.declarations.rules import JudgedRule, Suite, rules, suites
from flows.errors import Refusal
from flows.quality.actions import NAMES
from flows.quality.expectation_engine import ExpectationEngine

SUITES = list(suites().values())
RULES = [(suite, judged) for suite in SUITES for judged in suite.rules]


def rule_name(value: object) -> str | None:
    return value.rule.rule_id if isinstance(value, JudgedRule) else None


@pytest.fixture(scope="module")
def engine() -> ExpectationEngine:
    return ExpectationEngine()


def test_rule_ids_are_unique_here_and_at_the_intake() -> None:
    ids = [judged.rule.rule_id for _, judged in RULES] + list(intake_rules())
    assert sorted(ids) == sorted(set(ids))
    assert len(rules()) == len(RULES)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.table)
def test_a_suite_mirrors_a_table_and_has_rules(suite: Suite) -> None:
    schema, name = suite.table.split(".")
    assert (root.SQL / schema / f"{name}.sql").is_file()
    assert suite.rules
    assert json.loads((root.EXPECTATIONS / schema / f"{name}.json").read_text("utf-8"))["name"] == suite.table


@pytest.mark.parametrize("schema", ["quality", "reconciliations"])
def test_every_judged_table_has_a_suite(schema: str) -> None:
    tables = {f"{schema}.{path.stem}" for path in (root.SQL / schema).glob("*.sql")}
    assert tables <= suites().keys()


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.table)
def test_great_expectations_loads_every_rule(suite: Suite, engine: ExpectationEngine) -> None:
    assert len(engine.loaded(suite).expectations) == len(suite.rules)


@pytest.mark.parametrize("broken", [{"type": "expect_column_values_to_be_betwen"}, {"severity": "criticl"}])
def test_a_rule_that_great_expectations_drops_is_refused_by_name(
    broken: dict[str, str], engine: ExpectationEngine
) -> None:
    suite = SUITES[0]
    first, *others = suite.rules
    mistyped = JudgedRule(first.rule, {**first.expectation, **broken}, first.keys, first.unknown_passes)
    with pytest.raises(Refusal, match=first.rule.rule_id):
        engine.loaded(Suite(suite.table, (mistyped, *others), suite.fingerprint))


@pytest.mark.parametrize(("suite", "judged"), RULES, ids=rule_name)
def test_a_rule_says_what_why_and_whom(suite: Suite, judged: JudgedRule) -> None:
    rule = judged.rule
    assert rule.because.endswith(".")
    assert rule.ask
    assert rule.message
    assert judged.expectation["severity"] == rule.severity
    assert judged.expectation["meta"]["effect"] == rule.effect


@pytest.mark.parametrize(("suite", "judged"), RULES, ids=rule_name)
def test_a_rule_names_columns_that_exist_and_none_that_is_personal(suite: Suite, judged: JudgedRule) -> None:
    named = {*judged.keys, *judged.columns, *fields(judged.rule.message), *fields(judged.rule.ask)} - {"observed"}
    assert named <= columns().keys()
    personal = {name for name in named if columns()[name].personal}
    assert not personal


@pytest.mark.parametrize(("suite", "judged"), RULES, ids=rule_name)
def test_a_rule_says_what_to_do_about_it(suite: Suite, judged: JudgedRule) -> None:
    """`action` in its meta, with its own keys and what flows/quality/actions.py fills in."""
    assert judged.rule.action
    assert fields(judged.rule.action) <= NAMES | set(judged.keys)


@pytest.mark.parametrize(("suite", "judged"), RULES, ids=rule_name)
def test_a_rule_compares_with_a_constant_alone(suite: Suite, judged: JudgedRule) -> None:
    """Amounts are floats while they are judged: a float keeps zero and sign, not the cents of two large sums."""
    assert "column_pair" not in judged.expectation["type"]
    assert len(judged.columns) <= 1


def test_the_reference_of_extracts_says_what_the_contracts_say() -> None:
    lines = (root.REFERENCE / "extracts.csv").read_text("utf-8").splitlines()
    declared = [
        ",".join(
            (
                one.extract,
                one.label,
                one.source,
                one.content,
                one.needed,
                str(one.first_period.first_day),
                str(one.last_period.first_day) if one.last_period else "",
            )
        )
        for one in contracts().values()
    ]
    assert lines == ["extract,label,source,content,needed,first_period,last_period", *declared]


def test_every_rule_is_named_in_a_gate_test() -> None:
    texts = "".join(path.read_text("utf-8") for path in sorted((Path(__file__).parents[1] / "gate").glob("test_*.py")))
    unseen = [rule_id for rule_id in rules() if not re.search(rf"\b{rule_id}\b", texts)]
    assert not unseen, f"no gate test has seen these bite: {unseen}"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
