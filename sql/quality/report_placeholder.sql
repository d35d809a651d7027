-- What is printed and was meant to be filled in: a placeholder left in a cell, a label, a heading or a text.
-- Grain: one row per place with a placeholder.
-- Key: place_words, placeholder_words
-- The words are reference.placeholder_words, as words of their own. A brace is one that nobody has filled, but in a text: there an escaped
-- one is printed, and one that could not be filled keeps the text from print (quality.report_quote).
with printed_words as (
    select distinct
        table_id || ':' || row_id || ':' || column_id as place_words,
        printed,
        false as is_text
    from build.printed_cell
    union all
    select distinct
        table_id || ':' || row_id as place_words,
        row_label as printed,
        false as is_text
    from build.printed_cell
    union all
    select distinct
        table_id || ':' || column_id as place_words,
        head as printed,
        false as is_text
    from build.printed_cell
    union all
    select distinct
        table_id as place_words,
        table_heading as printed,
        false as is_text
    from build.printed_cell
    union all
    select
        table_id || ':' || row_id || ':' || cast(sequence_number as varchar) as place_words,
        case when is_running_text then heading || ' ' || printed else printed end as printed,
        true as is_text
    from build.printed_text
    where printed is not null
),

-- Marks that end a sentence are no part of a word.
spaced as (
    select
        place_words,
        printed,
        is_text,
        ' ' || replace(replace(replace(replace(replace(printed, '.', ' '), ',', ' '), ':', ' '), '(', ' '), ')', ' ') || ' ' as spaced_words
    from printed_words
)

select
    spaced.place_words,
    placeholders.words as placeholder_words,
    false as is_filled
from spaced
inner join reference.placeholder_words as placeholders
    on
        (placeholders.words not in ('{', '}') and contains(spaced.spaced_words, ' ' || placeholders.words || ' '))
        or (placeholders.words in ('{', '}') and not spaced.is_text and contains(spaced.printed, placeholders.words))
