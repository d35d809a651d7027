-- A close that waits for a person's word is an attempt of its own. A CHECK cannot be altered: the rows move to a table that knows it.
create table control.closings_with_word (
    closing_id integer primary key,
    period date not null,
    as_of date not null,
    started_at timestamp not null,
    ended_at timestamp not null,
    fingerprint varchar not null,
    outcome varchar not null check (outcome in ('published', 'published_withheld', 'barred', 'awaits_word')),
    version integer
);

insert into control.closings_with_word by name select * from control.closings;

drop table control.closings;

alter table control.closings_with_word rename to closings;
