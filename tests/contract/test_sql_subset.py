"""Every model stays within the portable subset of SQL, and the test knows what lies outside it."""

from __future__ import annotations

import pytest
import sqlglot

from flows.declarations import root
from flows.store.models import Model, read_models
from tests.contract.sql_subset import refused_constructs

_MODELS = tuple(read_models(root.SQL).values())


@pytest.mark.parametrize("model", _MODELS, ids=lambda model: model.name)
def test_a_model_is_within_the_subset(model: Model) -> None:
    assert refused_constructs(model.statement) == []


@pytest.mark.parametrize(
    "outside",
    [
        "select dayofweek(month) from t",
        "select isodow(month) from t",
        "select extract(dow from month) from t",
        "select date_diff('month', valid_from, valid_to) from t",
        "select cast(a as double) from t",
        "select cast(a / 3 as integer) from t",
        "select round(a, 2) from t",
        "select cast(a as hugeint) from t",
        "select sign(a) from t",
        "select a / b from t",
        "select a // b from t",
        "select a // 0 from t",
        "select avg(a) from t",
        "select median(a) from t",
        "select month + interval 1 month from t",
        "select period_end - month from t",
        "select hash(a) from t",
        "select a from t asof join u on t.a >= u.a",
        "pivot t on a using sum(b)",
        "select * replace (a + 1 as a) from t",
        "select columns('a.*') from t",
        "select a[1:2] from t",
        "select r from range(10) as x(r)",
        "select g from generate_series(1, 10) as x(g)",
        "select a from t union all by name select a from u",
        "select map {'a': 1}",
        "select a -> 'b' from t",
        "select a ->> 'b' from t",
    ],
)
def test_what_lies_outside_is_refused(outside: str) -> None:
    assert refused_constructs(sqlglot.parse_one(outside, dialect="duckdb")) != []


@pytest.mark.parametrize(
    "inside",
    [
        "select a from t qualify row_number() over (partition by b order by c) = 1",
        "select count(*) filter (where a) from t group by all",
        "select cast(date_trunc('month', valid_from) as date) from t",
        "select cast(month + interval 1 month as date) from t",
        "select a * 8 // nullif(n, 0) from t",
        "select a // 12 from t",
        "select a // (2 * month_number) from t",
        "select a // (2 * n) from t where n > 0",
        "select * exclude (a) from t",
        "select amount_sek - figure_value from t",
        "select date_diff('day', valid_from, valid_to) from t",
    ],
)
def test_what_is_safe_is_not_refused(inside: str) -> None:
    assert refused_constructs(sqlglot.parse_one(inside, dialect="duckdb")) == []
