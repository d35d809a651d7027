"""What is to be done about a finding: the rule's words, filled from where it stands."""

from __future__ import annotations

import shlex

import pytest

from flows.domain.finding import Effect, Finding, Severity
from flows.domain.period import Period
from flows.quality.actions import action

AUGUST = Period(2021, 8)


def found(rule_id: str, extract: str = "kost_maltider", file_name: str = "", **keys: str) -> Finding:
    return Finding(rule_id, Severity.INFO, Effect.NONE, "", extract=extract, file_name=file_name, keys=keys)


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (found("missing_month", month_list="2021-05"), "Be om kost_maltider_202105_ÅÅÅÅMMDDTTTMM.csv."),
        (
            found("missing_unit_month", unit_code="1001", month_list="2021-05"),
            "kost_maltider --unit 1001 --from 2021-05",
        ),
        (
            found("gap_with_data", unit_code="", gap_from="2021-04-01"),
            "`bokslut gap close kost_maltider --from 2021-04`",
        ),
        (found("missing_ledger", "ekonomi_sie", month="2021-08-01"), "ekonomi_sie_202108_ÅÅÅÅMMDDTTTMM.se"),
        # The file's own name says which month to ask for again.
        (
            found("columns_missing", file_name="kost_maltider_202103_20210405T0400.csv"),
            "be om en ny kost_maltider_202103_ÅÅÅÅMMDDTTTMM.csv enligt kontraktet",
        ),
        (found("bad_rows", file_name="kost_maltider_202103_20210405T0400.csv"), "`bokslut quarantine 2021-08 --export"),
    ],
)
def test_it_names_what_to_type_and_which_file_to_ask_for(finding: Finding, words: str) -> None:
    assert words in action(finding, AUGUST)


def test_a_rule_of_an_earlier_day_has_no_action_and_an_earlier_key_leaves_a_blank() -> None:
    assert action(found("a_rule_that_was"), AUGUST) == ""
    assert "Konto … " in action(found("account_without_group"), AUGUST).replace("konto", "Konto")


def test_a_units_code_is_one_word_of_the_command_whatever_it_is() -> None:
    said = action(found("missing_unit_month", unit_code="E1; rm -rf `~`\x1b[2J", month_list="2021-05"), AUGUST)
    command = next(one for one in said.split("`")[1::2] if "--unit" in one)
    words = shlex.split(command)
    assert words[words.index("--unit") + 1] == "E1; rm -rf ´~´\ufffd[2J"
