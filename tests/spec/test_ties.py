"""The identities of a printed report: what ties, what rounding excuses, what an earlier report explains, and what breaks."""

from __future__ import annotations

CLOSED = "2021-08"

#: A table of two areas and their total, each with outcome, budget and the difference of the two.
REPORT = """
| table_id | table_order | row_id | row_order | row_label | column_id | column_order | head      | measure_id | area_code | sex | quantity       | year_offset | printed_number | half_unit | multiplier | divisor | row_sign | deviation_sign | unit | minuend_column | subtrahend_column | value_status |
| x1       | 1           | a      | 1         | A         | u         | 1            | Utfall    | result     | A         | T   | actual         | 0           | 10             | 0.5       | 1          | 1000    | 1        | 1              | tkr  |                |                   | actual       |
| x1       | 1           | a      | 1         | A         | b         | 2            | Budget    | result     | A         | T   | budget_to_date | 0           | 7              | 0.5       | 1          | 1000    | 1        | 1              | tkr  |                |                   | budget       |
| x1       | 1           | a      | 1         | A         | d         | 3            | Avvikelse | result     | A         | T   | deviation      | 0           | 3              | 0.5       | 1          | 1000    | 1        | 1              | tkr  | u              | b                 | actual       |
| x1       | 1           | b      | 2         | B         | u         | 1            | Utfall    | result     | B         | T   | actual         | 0           | -4             | 0.5       | 1          | 1000    | 1        | 1              | tkr  |                |                   | actual       |
| x1       | 1           | b      | 2         | B         | b         | 2            | Budget    | result     | B         | T   | budget_to_date | 0           | -2             | 0.5       | 1          | 1000    | 1        | 1              | tkr  |                |                   | budget       |
| x1       | 1           | b      | 2         | B         | d         | 3            | Avvikelse | result     | B         | T   | deviation      | 0           | -2             | 0.5       | 1          | 1000    | 1        | 1              | tkr  | u              | b                 | actual       |
| x1       | 1           | s      | 3         | Summa     | u         | 1            | Utfall    | result     | ''        | T   | actual         | 0           | 7              | 0.5       | 1          | 1000    | 1        | 1              | tkr  |                |                   | actual       |
| x1       | 1           | s      | 3         | Summa     | b         | 2            | Budget    | result     | ''        | T   | budget_to_date | 0           | 9              | 0.5       | 1          | 1000    | 1        | 1              | tkr  |                |                   | budget       |
| x1       | 1           | s      | 3         | Summa     | d         | 3            | Avvikelse | result     | ''        | T   | deviation      | 0           | -3             | 0.5       | 1          | 1000    | 1        | 1              | tkr  | u              | b                 | actual       |
"""

HEAD = """
| table_id | table_order | row_id | row_order | column_id | column_order | measure_id | item_id | area_code | sex | quantity | year_offset | printed_number | half_unit | multiplier | divisor | row_sign | deviation_sign | unit | organisation_tag | value_status | numerator | denominator |
"""


def test_areas_sum_to_the_total_and_deviations_are_differences(given, closing, build, expect) -> None:
    given("build.printed_cell", REPORT)
    closing(CLOSED)
    expect(
        build("reconciliations.tie"),
        """
        | tie_class | left_cell | right_cells          | expected | actual | difference | tolerance | verdict  |
        | sum       | x1:s:u    | x1:a:u, x1:b:u       | 6        | 7      | 1          | 1.5       | rounding |
        | sum       | x1:s:b    | x1:a:b, x1:b:b       | 5        | 9      | 4          | 1.5       | breaks   |
        | sum       | x1:s:d    | x1:a:d, x1:b:d       | 1        | -3     | -4         | 3         | breaks   |
        | deviation | x1:a:d    | x1:a:u, x1:a:b       | 3        | 3      | 0          | 0         | holds    |
        | deviation | x1:b:d    | x1:b:u, x1:b:b       | -2       | -2     | 0          | 0         | holds    |
        | deviation | x1:s:d    | x1:s:u, x1:s:b       | -2       | -3     | -1         | 0         | breaks   |
        """,
    )


def test_a_part_without_a_number_leaves_nothing_to_sum(given, closing, build, expect) -> None:
    given("build.printed_cell", REPORT.replace("| -4             |", "|                |"))
    closing(CLOSED)
    expect(
        build("core.tie_sum"),
        """
        | left_cell | actual |
        | x1:s:b    | 9      |
        | x1:s:d    | -3     |
        """,
    )


def test_one_figure_in_two_tables_ties_across_unit_and_sign(given, closing, build, expect) -> None:
    """The finest unit is what the others are held to; another sign convention is no difference."""
    given(
        "build.printed_cell",
        HEAD
        + """
        | x1 | 1 | r | 1 | u | 1 | result | | '' | T | actual | 0 | 12261 | 0.5  | 1 | 1000    | 1  | 1 | tkr  | | actual | | |
        | x2 | 2 | r | 1 | u | 1 | result | | '' | T | actual | 0 | -12.3 | 0.05 | 1 | 1000000 | -1 | 1 | mnkr | | actual | | |
        | x3 | 3 | r | 1 | u | 1 | result | | '' | T | actual | 0 | 12.9  | 0.05 | 1 | 1000000 | 1  | 1 | mnkr | | actual | | |
        | x3 | 3 | a | 2 | u | 1 | result | | A  | T | actual | 0 | 1     | 0.5  | 1 | 1000    | 1  | 1 | tkr  | | actual | | |
        """,
    )
    closing(CLOSED)
    expect(
        build("core.tie_table"),
        """
        | left_cell | right_cells | unit | expected | actual   | tolerance |
        | x2:r:u    | x1:r:u      | sek  | 12261000 | 12300000 | 50500     |
        | x3:r:u    | x1:r:u      | sek  | 12261000 | 12900000 | 50500     |
        """,
    )


def test_parts_make_the_net_in_their_column_and_their_row(given, closing, build, expect) -> None:
    given(
        "build.printed_cell",
        HEAD
        + """
        | x1 | 1 | s | 1 | p | 1 | result  | | '' | T | budget_full_year | 0 | -3 | 0.5 | 1 | 1000 | -1 | 1 | tkr | | budget | | |
        | x1 | 1 | k | 2 | p | 1 | cost    | | '' | T | budget_full_year | 0 | 5  | 0.5 | 1 | 1000 | 1  | 1 | tkr | | budget | | |
        | x1 | 1 | i | 3 | p | 1 | revenue | | '' | T | budget_full_year | 0 | 8  | 0.5 | 1 | 1000 | 1  | 1 | tkr | | budget | | |
        | x2 | 2 | o | 1 | u | 1 | investment | | A | T | expenditure_forecast | 0 | 9 | 0.5 | 1 | 1000 | 1 | 1 | tkr | | forecast | | |
        | x2 | 2 | o | 1 | i | 2 | investment | | A | T | income_forecast      | 0 | 4 | 0.5 | 1 | 1000 | 1 | 1 | tkr | | forecast | | |
        | x2 | 2 | o | 1 | n | 3 | investment | | A | T | net_forecast         | 0 | 7 | 0.5 | 1 | 1000 | 1 | 1 | tkr | | forecast | | |
        """,
    )
    closing(CLOSED)
    expect(
        build("core.tie_net"),
        """
        | tie_class | left_cell | right_cells    | expected | actual | tolerance |
        | net       | x1:s:p    | x1:k:p, x1:i:p | 3        | 3      | 1.5       |
        | net       | x2:o:n    | x2:o:u, x2:o:i | 5        | 7      | 1.5       |
        """,
    )


def test_a_ratio_times_its_denominator_is_its_numerator(given, closing, build, expect) -> None:
    given(
        "build.printed_cell",
        HEAD
        + """
        | x1 | 1 | t | 1 | u | 1 | sick_leave | | '' | T | actual | 0 | 33.3 | 0.05 | 100 | 1 | 1 | 1 | % | | actual | 1 | 3 |
        """,
    )
    closing(CLOSED)
    expect(
        build("core.tie_ratio"),
        """
        | left_cell | expected | actual | tolerance |
        | x1:t:u    | 100      | 99.9   | 0.16      |
        """,
    )


def test_a_total_lies_between_women_and_men_or_is_their_sum(given, closing, build, expect) -> None:
    given(
        "build.printed_cell",
        HEAD
        + """
        | x1 | 1 | t | 1 | u | 1 | indicator | i1 | '' | T | observation | -1 | 64.4 | 0.05 | 1 | 1 | 1 | 1 | %     | | actual | | |
        | x1 | 1 | k | 2 | u | 1 | indicator | i1 | '' | K | observation | -1 | 67   | 0.05 | 1 | 1 | 1 | 1 | %     | | actual | | |
        | x1 | 1 | m | 3 | u | 1 | indicator | i1 | '' | M | observation | -1 | 64.5 | 0.05 | 1 | 1 | 1 | 1 | %     | | actual | | |
        | x2 | 2 | t | 1 | u | 1 | permanent_headcount | | '' | T | actual | 0 | 12 | 0.5 | 1 | 1 | 1 | 1 | antal | | actual | | |
        | x2 | 2 | k | 2 | u | 1 | permanent_headcount | | '' | K | actual | 0 | 9  | 0.5 | 1 | 1 | 1 | 1 | antal | | actual | | |
        | x2 | 2 | m | 3 | u | 1 | permanent_headcount | | '' | M | actual | 0 | 3  | 0.5 | 1 | 1 | 1 | 1 | antal | | actual | | |
        """,
    )
    closing(CLOSED)
    expect(
        build("reconciliations.tie"),
        """
        | tie_class | left_cell | expected | actual | verdict | breaks_between_sexes |
        | sex       | x1:t:u    | 64.5     | 64.4   | breaks  | true                 |
        | sex       | x2:t:u    | 12       | 12     | holds   | false                |
        """,
    )


def test_a_forecast_by_run_rate_is_the_outcome_at_the_same_pace(given, closing, build, expect) -> None:
    given(
        "build.printed_cell",
        HEAD
        + """
        | x1 | 1 | t | 1 | p | 1 | home_care_hours | | '' | T | forecast_full_year | 0 | 151 | 0.5 | 1 | 1 | 1 | 1 | timmar | | forecast | | |
        | x1 | 1 | t | 1 | u | 2 | home_care_hours | | '' | T | actual             | 0 | 100 | 0.5 | 1 | 1 | 1 | 1 | timmar | | actual   | | |
        """,
    )
    given(
        "marts.forecast",
        """
        | measure_id      | area_code | method          |
        | home_care_hours | ''        | run_rate_months |
        """,
    )
    closing(CLOSED)
    expect(
        build("reconciliations.tie"),
        """
        | tie_class | left_cell | right_cells | unit       | expected | actual | tolerance | verdict  |
        | run_rate  | x1:t:p    | x1:t:u      | timmar × 8 | 1200     | 1208   | 10        | rounding |
        """,
    )


NOW = (
    HEAD
    + """
    | x1 | 1 | a | 1 | f | 1 | result | | '' | T | annual_accounts | -1 | {number} | 0.5 | 1 | 1000 | 1 | 1 | tkr | {tag} | actual | | |
    """
)
EARLIER = """
| period  | version | table_id | row_id | column_id | measure_id | area_code | sex | quantity | year_offset | value_status | unit | row_sign | printed_number | half_unit |
| 2020-12 | 2       | z9       | a      | u         | result     | ''        | T   | actual   | 0           | {status}     | tkr  | 1        | 40             | 0.5       |
"""


def earlier(given, closing, number: str, tag: str = "same", status: str = "actual") -> None:
    given("build.printed_cell", NOW.format(number=number, tag=tag))
    given("build.earlier_cell", EARLIER.format(status=status))
    closing(CLOSED)


def test_the_years_accounts_are_what_decembers_report_said(given, closing, build, expect) -> None:
    earlier(given, closing, "40")
    expect(
        build("reconciliations.tie"),
        """
        | tie_class | left_cell | right_cells    | expected | actual | verdict | restatement | breaks_with_earlier |
        | report    | x1:a:f    | 2020-12 z9:a:u | 40       | 40     | holds   |             | false               |
        """,
    )


def test_another_figure_is_classed_by_what_explains_it_or_breaks(given, closing, build, expect) -> None:
    for tag, status, verdict, why in (
        ("same", "actual", "breaks", ""),
        ("restated", "actual", "restated", "omräknad till periodens organisation"),
        ("same", "estimated", "restated", "uppskattningen är ersatt"),
        ("not_restated", "actual", "restated", "organisationen är en annan"),
    ):
        earlier(given, closing, "45", tag, status)
        expect(
            build("reconciliations.tie"),
            f"""
            | tie_class | left_cell | expected | actual | verdict   | restatement |
            | report    | x1:a:f    | 40       | 45     | {verdict} | {why} |
            """,
        )


def test_a_source_delivered_anew_explains_a_difference(given, closing, build, expect) -> None:
    earlier(given, closing, "45")
    given(
        "build.earlier_delivery",
        """
        | period  | version | extract     | delivered_month | sha256 |
        | 2020-12 | 2       | ekonomi_sie | 2020-12         | old    |
        """,
    )
    given(
        "build.closing_deliveries",
        """
        | delivery_id | extract     | period  | sha256 |
        | 7           | ekonomi_sie | 2020-12 | new    |
        """,
    )
    expect(
        build("reconciliations.tie"),
        """
        | tie_class | left_cell | verdict  | restatement                |
        | report    | x1:a:f    | restated | källan har lämnats på nytt |
        """,
    )


def test_a_quoted_figure_is_held_to_its_cell(given, closing, build, expect) -> None:
    given(
        "build.quoted_figure",
        """
        | table_id | row_id | sequence_number | quote_number | quote_kind | cell_table_id | cell_row_id | cell_column_id | unit | quoted_number | cell_number | tolerance |
        | x1       | a      | 1               | 1            | filled     | x1            | a           | u              | mnkr | 12.3          | 12.261      | 0.0505    |
        | x1       | a      | 1               | 2            | typed      | x1            | a           | u              | mnkr | 13.2          | 12.261      | 0.0505    |
        | x1       | ''     | 1               | 1            | filled     | x1            | a           | v              | mnkr |               |             |           |
        """,
    )
    closing(CLOSED)
    expect(
        build("reconciliations.tie"),
        """
        | tie_class | left_cell | right_cells | verdict  | breaks_in_text |
        | text      | x1:a:1#1  | x1:a:u      | rounding | false          |
        | text      | x1:a:1#2  | x1:a:u      | breaks   | true           |
        """,
    )


def test_a_typed_figure_is_compared_over_the_period_that_it_is_about(given, closing, build, expect) -> None:
    """A survey of 2019 printed under 2020 is held to what 2019 was said to be."""
    given(
        "build.printed_cell",
        HEAD
        + """
        | x1 | 1 | n | 1 | a | 1 | indicator | i1 | '' | T | observation | -1 | 84 | 0.5 | 1 | 1 | 1 | 1 | % | | actual | | |
        """,
    )
    given(
        "core.indicator_column",
        """
        | indicator_id | sex | quantity    | year_offset | typed_id | observed_period |
        | i1           | T   | observation | -1          | i0       | 2019            |
        """,
    )
    given(
        "build.earlier_cell",
        """
        | period  | version | table_id | row_id | column_id | measure_id | item_id | area_code | sex | quantity    | year_offset | value_status | unit | row_sign | printed_number | half_unit |
        | 2020-12 | 1       | z1       | n      | a         | indicator  | i0      | ''        | T   | observation | -1          | actual       | %    | 1        | 81             | 0.5       |
        | 2020-12 | 1       | z1       | n      | b         | indicator  | i1      | ''        | T   | observation | 0           | actual       | %    | 1        | 84             | 0.5       |
        """,
    )
    closing(CLOSED)
    expect(
        build("reconciliations.tie"),
        """
        | tie_class | left_cell | right_cells    | expected | actual | verdict |
        | report    | x1:n:a    | 2020-12 z1:n:a | 81       | 84     | breaks  |
        """,
    )
