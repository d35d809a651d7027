-- What the published tables say of their values: how many of each status, and how many say one thing and hold another.
-- Grain: one row per published table and value status ('' where a row has none).
-- Key: published_table, value_status
-- A missing or suppressed value has no number; a value without a known status could be taken for an actual.
with statements as (
    select
        'marts.volume' as published_table,
        value_status,
        volume is not null as has_number
    from marts.volume
    union all
    select
        'marts.volume_to_date' as published_table,
        value_status,
        volume is not null as has_number
    from marts.volume_to_date
    union all
    select
        'marts.staffing' as published_table,
        value_status,
        numerator is not null as has_number
    from marts.staffing
    union all
    select
        'marts.staffing_to_date' as published_table,
        value_status,
        numerator is not null as has_number
    from marts.staffing_to_date
    union all
    select
        'marts.figure' as published_table,
        value_status,
        figure_value is not null or numerator is not null as has_number
    from marts.figure
    union all
    select
        'marts.report_cell' as published_table,
        value_status,
        figure_value is not null or numerator is not null as has_number
    from marts.report_cell
)

select
    statement.published_table,
    coalesce(statement.value_status, '') as value_status,
    known.value_status is not null as is_known_status,
    count(*) as stated_values,
    count(*) filter (where statement.has_number and statement.value_status = 'suppressed') as suppressed_values_shown,
    count(*) filter (where statement.has_number and statement.value_status = 'missing') as missing_values_shown
from statements as statement
left join reference.value_statuses as known
    on statement.value_status = known.value_status
group by
    statement.published_table,
    coalesce(statement.value_status, ''),
    known.value_status
