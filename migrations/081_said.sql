-- +goose Up
-- What a search looks at, in small letters. Making them small for each of 40,000 texts cost more than looking.
alter table findings add column said text not null generated always as (lower(text || E'\n' || category)) stored;
alter table measures add column said text not null
    generated always as (lower(text || E'\n' || leader || E'\n' || department)) stored;

-- +goose Down
alter table measures drop column said;
alter table findings drop column said;
