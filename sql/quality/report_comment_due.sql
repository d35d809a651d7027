-- The printed deviations that are greater than what may stand without a comment.
-- Grain: one row per deviation above its limit.
-- Key: table_id, row_id, column_id
-- The limits are the edition's own, in force at the period's end: one for the column goes before one for the table. A comment to the row
-- counts, or one to the whole table that names the row. Of a deviation from nothing no per cent is known: the amount alone decides.
with limits as (
    select
        limits.table_id,
        coalesce(limits.column_id, '') as column_id,
        limits.limit_number,
        limits.limit_percent
    from staging.edition_comment_limit as limits
    cross join build.closing as closing
    where limits.valid_from <= closing.period_end and coalesce(limits.valid_to, closing.period_end) >= closing.period_end
    qualify row_number() over (partition by limits.table_id, limits.column_id order by limits.valid_from desc) = 1
),

deviations as (
    select
        cells.table_id,
        cells.row_id,
        cells.column_id,
        cells.row_label,
        cells.head,
        cells.printed,
        cells.unit,
        abs(cells.printed_number) as deviation_size,
        abs(subtrahend.printed_number) as compared_size,
        limits.limit_number,
        limits.limit_percent
    from build.printed_cell as cells
    inner join limits
        on
            cells.table_id = limits.table_id
            and limits.column_id in (cells.column_id, '')
    left join build.printed_cell as subtrahend
        on
            cells.table_id = subtrahend.table_id
            and cells.row_id = subtrahend.row_id
            and cells.subtrahend_column = subtrahend.column_id
    where cells.quantity = 'deviation' and cells.printed_number is not null
    qualify
        row_number() over (
            partition by cells.table_id, cells.row_id, cells.column_id
            order by case when limits.column_id = '' then 1 else 0 end
        ) = 1
),

above as (
    select
        *,
        replace(rtrim(rtrim(cast(limit_number as varchar), '0'), '.'), '.', ',') as limit_number_words,
        replace(rtrim(rtrim(cast(limit_percent as varchar), '0'), '.'), '.', ',') as limit_percent_words
    from deviations
    where
        deviation_size > coalesce(limit_number, 0)
        and (limit_percent is null or coalesce(compared_size, 0) = 0 or deviation_size * 100 > compared_size * limit_percent)
        and (limit_number is not null or limit_percent is not null)
)

select
    above.table_id,
    above.row_id,
    above.column_id,
    above.row_label,
    above.head,
    above.printed,
    above.unit,
    case
        when above.limit_percent is null then above.limit_number_words || ' ' || above.unit
        when above.limit_number is null then above.limit_percent_words || ' procent'
        else above.limit_number_words || ' ' || above.unit || ' och ' || above.limit_percent_words || ' procent'
    end as limit_words,
    count(texts.table_id) > 0 as is_explained
from above
left join build.printed_text as texts
    on
        above.table_id = texts.table_id
        and texts.comment_words is not null
        and (above.row_id = texts.row_id or (texts.row_id = '' and contains(lower(texts.comment_words), lower(above.row_label))))
group by all
