-- What was received: the deliveries, and the raw tables whose shape no contract declares. They only grow.
create schema if not exists raw;
create schema if not exists control;

create sequence control.delivery_number start 1;

create table control.deliveries (
    delivery_id integer primary key,
    extract varchar not null,
    period date not null,
    extracted_at timestamp not null,
    arrived_at timestamp not null,
    file_name varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    format varchar not null,
    encoding varchar,
    declared_encoding varchar,
    status varchar not null check (status in ('landed', 'duplicate', 'refused')),
    lines bigint,
    landed_rows bigint,
    quarantined_rows bigint,
    refusal varchar
);

create table control.delivery_findings (
    delivery_id integer not null,
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

create table raw.missing_value (
    delivery_id integer not null,
    line integer not null,
    column_name varchar not null,
    word varchar,
    reason varchar,
    expected_day date
);

create table raw.quarantine (
    delivery_id integer not null,
    line integer not null,
    column_name varchar,
    reason varchar not null,
    value varchar
);

create table raw.unknown_value (
    delivery_id integer not null,
    line integer not null,
    column_name varchar not null,
    value varchar
);

create table raw.sie_header (
    delivery_id integer not null,
    line integer not null,
    label varchar not null,
    value varchar
);

create table raw.sie_fiscal_year (
    delivery_id integer not null,
    line integer not null,
    year_no integer not null,
    starts_on date,
    ends_on date
);

create table raw.sie_account (
    delivery_id integer not null,
    line integer not null,
    account varchar not null,
    account_name varchar,
    account_type varchar
);

create table raw.sie_dimension (
    delivery_id integer not null,
    line integer not null,
    dimension integer not null,
    dimension_name varchar,
    parent integer
);

create table raw.sie_object (
    delivery_id integer not null,
    line integer not null,
    dimension integer not null,
    object varchar not null,
    object_name varchar
);

create table raw.sie_balance (
    delivery_id integer not null,
    line integer not null,
    record varchar not null,
    year_no integer not null,
    account varchar not null,
    ansvar varchar,
    projekt varchar,
    verksamhet varchar,
    other_objects varchar,
    amount decimal(18, 2),
    quantity decimal(18, 6)
);

create table raw.sie_period_amount (
    delivery_id integer not null,
    line integer not null,
    record varchar not null,
    year_no integer not null,
    month date not null,
    account varchar not null,
    ansvar varchar,
    projekt varchar,
    verksamhet varchar,
    other_objects varchar,
    is_total boolean,
    amount decimal(18, 2),
    quantity decimal(18, 6)
);

create table raw.sie_voucher (
    delivery_id integer not null,
    line integer not null,
    series varchar,
    number varchar,
    voucher_date date,
    voucher_text varchar,
    registered_on date,
    signature varchar
);

create table raw.sie_transaction (
    delivery_id integer not null,
    line integer not null,
    voucher_line integer,
    record varchar not null,
    account varchar not null,
    ansvar varchar,
    projekt varchar,
    verksamhet varchar,
    other_objects varchar,
    amount decimal(18, 2),
    transaction_date date,
    transaction_text varchar,
    quantity decimal(18, 6),
    signature varchar
);
