-- Which key the persons of this store were made anonymous with: a mark made by the key itself, from which it cannot be told.
create table control.person_key_mark (
    key_mark varchar not null,
    first_used_at timestamp not null
);
