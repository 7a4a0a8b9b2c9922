-- +goose Up
-- Several requests for more time in one list, which the head signs as a whole.
create table extension_lists (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    id        uuid not null,
    unit_id   uuid not null,
    items     int not null check (items > 0),
    by_id     uuid not null,
    by_name   text not null,
    at        timestamptz not null,
    promise   text not null default '',        -- what the head signed
    digest    bytea,                           -- over all that was signed: SHA-256
    signed_by text not null default '',
    issued_at timestamptz,                     -- when the head signed
    version   int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, unit_id) references units on update cascade,
    check ((issued_at is null) = (digest is null))
);
call sec.guard('extension_lists', drafts => true, unit => 'unit_id');
-- What was signed stays as it is, and only the unit writes.
create policy before_signing on extension_lists as restrictive for update to xuncha_app, xuncha_jobs
    using (issued_at is null) with check (tenant_id = current_setting('app.tenant')::int);
create policy by_unit on extension_lists as restrictive for insert to xuncha_app with check (current_setting('app.unit') <> '');

alter table extensions add column list_id uuid;
alter table extensions add foreign key (tenant_id, list_id) references extension_lists on update cascade;
create index extensions_list on extensions (tenant_id, list_id) where list_id is not null;

-- +goose Down
alter table extensions drop column list_id;
drop table extension_lists;
