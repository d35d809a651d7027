-- What was done: each attempt to close, what it found, the versions and what they stand on. They only grow.
create schema if not exists closed;

create sequence control.closing_number start 1;
create sequence control.event_number start 1;

create table control.closings (
    closing_id integer primary key,
    period date not null,
    as_of date not null,
    started_at timestamp not null,
    ended_at timestamp not null,
    fingerprint varchar not null,
    outcome varchar not null check (outcome in ('published', 'published_withheld', 'barred')),
    version integer
);

create table control.findings (
    closing_id integer not null,
    rule_id varchar not null,
    severity varchar not null check (severity in ('critical', 'warning', 'info')),
    effect varchar not null check (effect in ('bars_publication', 'bars_lock', 'withholds', 'none')),
    message varchar not null,
    ask varchar not null,
    extract varchar not null,
    table_name varchar not null,
    file_name varchar not null,
    line integer,
    column_name varchar not null,
    finding_keys varchar not null -- a JSON object in text
);

-- A CHECK passes on NULL, so each is written for NULL first.
create table control.period_events (
    event_id integer primary key,
    period date not null,
    act varchar not null check (act in ('close', 'lock', 'reopen')),
    version integer not null check (version is not null and version >= 1),
    happened_at timestamp not null,
    who varchar not null check (who is not null and length(trim(who)) > 0),
    why varchar check (act = 'close' or (why is not null and length(trim(why)) > 0))
);

create table control.version_deliveries (
    period date not null,
    version integer not null,
    delivery_id integer not null,
    extract varchar not null,
    sha256 varchar not null,
    file_name varchar not null
);

create table control.version_declarations (
    period date not null,
    version integer not null,
    path varchar not null,
    sha256 varchar not null
);

create table control.declaration_texts (
    sha256 varchar primary key,
    text varchar not null
);
