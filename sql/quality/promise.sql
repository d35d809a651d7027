-- The promises in the deliveries: words in a number's place that name the day on which the figure would come.
-- Grain: one row per delivery, column and promised day.
-- Key: delivery_id, column_name, expected_day
-- A promise is passed when its day lies before the close's as-of day, never before the wall clock's.
select
    promised.delivery_id,
    promised.column_name,
    promised.expected_day,
    applied.extract,
    applied.period as month,
    described.label,
    described.source,
    applied.file_name,
    min(promised.line) as line,
    count(*) as promised_values,
    promised.expected_day < closing.as_of as is_promise_passed
from raw.missing_value as promised
inner join build.closing_deliveries as applied
    on promised.delivery_id = applied.delivery_id
inner join reference.extracts as described
    on applied.extract = described.extract
cross join build.closing as closing
where promised.expected_day is not null
group by
    promised.delivery_id,
    promised.column_name,
    promised.expected_day,
    applied.extract,
    applied.period,
    described.label,
    described.source,
    applied.file_name,
    closing.as_of
