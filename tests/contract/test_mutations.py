"""A rule that nobody has seen bite alone is not a rule yet."""

from __future__ import annotations

import re

import pytest

from flows.declarations import root
from flows.declarations.intake_rules import intake_rules
from flows.declarations.rules import rules
from tests.mutate.mutation import Mutation, mutations

MUTATIONS = list(mutations().values())
#: Where files are malformed on purpose: the intake's rules bite there.
_MALFORMED = ("unit", "spec", "close", "canary", "contract", "golden")


def test_every_rule_of_the_gate_has_its_mutation_and_no_other_has() -> None:
    assert mutations().keys() == rules().keys()


def test_every_rule_of_the_intake_is_seen_on_a_malformed_file() -> None:
    tests = [path for folder in _MALFORMED for path in (root.PROJECT / "tests" / folder).glob("*.py")]
    texts = "".join(path.read_text("utf-8") for path in tests)
    assert [rule_id for rule_id in intake_rules() if not re.search(rf"\b{rule_id}\b", texts)] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.rule_id)
def test_a_mutation_says_what_it_breaks_and_what_else_may_speak(mutation: Mutation) -> None:
    assert mutation.broken.endswith(".")
    assert mutation.tables
    assert mutation.related <= rules().keys() - {mutation.rule_id}
