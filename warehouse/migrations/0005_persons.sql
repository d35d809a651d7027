-- What was done about persons, naming none: who looked somebody up, when the key was changed, what retention destroyed.
create sequence control.person_act_number start 1;

create table control.person_acts (
    act_id integer primary key,
    act varchar not null check (act in ('find', 'rekey', 'retain')),
    happened_at timestamp not null,
    who varchar not null check (length(trim(who)) > 0),
    why varchar not null check (length(trim(why)) > 0),
    counted integer not null -- files that hold the person; persons given another key; deliveries destroyed
);

-- The deliveries whose rows and archived bytes are gone. What they were, and what was counted in them, stays.
create table control.destroyed_deliveries (
    delivery_id integer primary key,
    act_id integer not null
);
