"""Indicators and goals: which typed row a report's column is."""

from __future__ import annotations

TYPED = """
| month   | indicator_id | sex | observation_period | indicator_value | missing_words | target_value | target_words |
| 2021-08 | hme          | T   | 2021               |                 | årsvis        | 78           |              |
| 2021-08 | hme          | T   | 2020               | 73              |               |              |              |
| 2021-08 | hme          | T   | 2019               |                 | I.U           |              |              |
| 2021-08 | trohet       | T   | 2021-08            | 65.0            |               |              | max 1 %      |
| 2021-08 | trohet       | T   | 2021               | 1               |               |              |              |
| 2021-08 | trohet       | T   | 2021-07            | 2               |               | 9            |              |
| 2021-08 | trohet       | T   | 2020-08            | 64              |               |              |              |
| 2021-08 | trohet       | K   | 2021-08            | 66              |               |              |              |
| 2021-07 | trohet       | T   | 2020               | 999             |               |              |              |
"""


def test_each_column_takes_its_own_observation(given, closing, build, expect) -> None:
    given("staging.indicator_input", TYPED)
    closing("2021-08")
    expect(
        build("core.figure_indicator"),
        """
        | subject_id | sex | quantity    | year_offset | figure_value | words   | value_status |
        | hme        | T   | observation | 0           |              | årsvis  | missing      |
        | hme        | T   | actual      | 0           |              | årsvis  | missing      |
        | hme        | T   | observation | -1          | 73           |         | actual       |
        | hme        | T   | observation | -2          |              | I.U     | missing      |
        | hme        | T   | target      | 0           | 78           |         | target       |
        | trohet     | T   | observation | 0           | 65           |         | actual       |
        | trohet     | T   | actual      | 0           | 65           |         | actual       |
        | trohet     | T   | actual      | -1          | 64           |         | actual       |
        | trohet     | T   | target      | 0           |              | max 1 % | target       |
        | trohet     | K   | observation | 0           | 66           |         | actual       |
        | trohet     | K   | actual      | 0           | 66           |         | actual       |
        """,
    )


def test_a_word_in_the_values_place_is_printed_as_written(given, closing, build, expect) -> None:
    given(
        "staging.indicator_input",
        "| delivery_id | line | month | indicator_id | sex | observation_period |\n| 7 | 3 | 2021-08 | hme | T | 2021-08 |",
    )
    given(
        "raw.missing_value",
        "| delivery_id | line | column_name | word | reason |\n| 7 | 3 | varde | resultat v 25 | utlovad |\n"
        "| 7 | 4 | varde | XX | annan rad |",
    )
    closing("2021-08")
    expect(
        build("marts.indicator"),
        "| indicator_id | words | value_status | reason |\n| hme | resultat v 25 | missing | utlovad |",
    )


def test_a_goal_is_said_in_the_editions_words(given, closing, build, expect) -> None:
    given(
        "staging.goal_assessment",
        "| month | goal_id | assessment |\n| 2021-08 | g1 | INTE |\n| 2021-08 | g2 | EJ_BEDOMD |\n| 2021-07 | g1 | UPPNAS |",
    )
    given("staging.edition_word", "| word_kind | code | words |\n| BEDOMNING | INTE | inte uppnås |")
    closing("2021-08")
    expect(
        build("marts.goal"),
        "| goal_id | assessment | words |\n| g1 | INTE | inte uppnås |\n| g2 | EJ_BEDOMD | EJ_BEDOMD |",
    )
