-- What became of a delivery after it came, where it came from, and the mapping it was read with. They only grow.
create sequence control.delivery_event_number start 1;

create table control.delivery_events (
    event_id integer primary key,
    delivery_id integer not null,
    act varchar not null check (act in ('withdraw', 'reinstate')),
    happened_at timestamp not null,
    who varchar not null check (length(trim(who)) > 0),
    why varchar not null check (length(trim(why)) > 0)
);

-- Without a row: received before this was kept. mapping_sha256 is NULL where the file is as its contract says.
create table control.delivery_origins (
    delivery_id integer primary key,
    folder varchar,
    mapping_sha256 varchar
);

create table control.mapping_texts (
    sha256 varchar primary key,
    text varchar not null
);
