-- The assessment of each goal in the closed period, as the code and as the edition says it.
-- Grain: one row per goal.
-- Key: goal_id
select
    assessed.goal_id,
    assessed.assessment,
    coalesce(spoken.words, assessed.assessment) as words,
    'judgement' as value_status
from staging.goal_assessment as assessed
inner join build.closing as closing
    on assessed.month = closing.period
left join staging.edition_word as spoken
    on
        spoken.word_kind = 'BEDOMNING'
        and assessed.assessment = spoken.code
