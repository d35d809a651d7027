-- What is printed and was meant to be filled in: a placeholder left in a cell, a label, a heading or a text.
-- Grain: one row per place with a placeholder.
-- Key: place_words, placeholder_words
-- The words are reference.placeholder_words, as words of their own; a brace anywhere is one that nobody has filled.
with printed_words as (
    select distinct
        table_id || ':' || row_id || ':' || column_id as place_words,
        printed
    from build.printed_cell
    union all
    select distinct
        table_id || ':' || row_id as place_words,
        row_label as printed
    from build.printed_cell
    union all
    select distinct
        table_id || ':' || column_id as place_words,
        head as printed
    from build.printed_cell
    union all
    select distinct
        table_id as place_words,
        table_heading as printed
    from build.printed_cell
    union all
    select
        table_id || ':' || row_id || ':' || cast(sequence_number as varchar) as place_words,
        heading || ' ' || printed as printed
    from build.printed_text
    where printed is not null and is_running_text
    union all
    select
        table_id || ':' || row_id || ':' || cast(sequence_number as varchar) as place_words,
        printed
    from build.printed_text
    where printed is not null and not is_running_text
),

-- Marks that end a sentence are no part of a word.
spaced as (
    select
        place_words,
        printed,
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
        contains(spaced.spaced_words, ' ' || placeholders.words || ' ')
        or (placeholders.words in ('{', '}') and contains(spaced.printed, placeholders.words))
