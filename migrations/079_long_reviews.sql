-- +goose Up
-- Long-term items come back (长期整改复核): what the office proposes, what the reviewing parties say to it,
-- and when the item comes back next.

alter table rectifications drop constraint rectifications_due_kind;
alter table rectifications add constraint rectifications_due_kind
    check (due_kind in ('feedback', 'set', 'extension', 'answer', 'import', 'reopen', 'review'));

-- The clock's history says when a long-term item comes back, too.
alter table deadlines add column review_on date;
-- +goose StatementBegin
create or replace function sec.keep_deadline() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into deadlines (tenant_id, finding_id, version, unit_id, due_on, review_on, kind, note, at, by_name)
    values (new.tenant_id, new.finding_id, new.due_version, new.unit_id, new.due_on, new.review_on, new.due_kind, new.due_note,
        coalesce(new.due_set_at, new.issued_at, new.changed_at), new.changed_by);
    return null;
end
$$;
-- +goose StatementEnd

-- One review of a long-term item, as the office proposes it. The unit and the levels above see it once it
-- took effect.
create table long_reviews (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    finding_id uuid not null,
    unit_id    uuid not null,
    n          int not null check (n > 0),     -- of the item
    state      text not null
        constraint long_reviews_state check (state in ('proposed', 'objected', 'settled', 'withdrawn')),
    outcome    text not null
        constraint long_reviews_outcome check (outcome in ('continue', 'resume', 'done')),
    from_on    date,                           -- when it was to come back
    until_on   date,                           -- when it comes back next, or the new last day; none if it is done
    reason     text not null,
    evidence   uuid[] not null default '{}',   -- files of the item that support it
    parties    text[] not null,                -- who must agree, as the policy said
    given      text[] not null default '{}',   -- and who did
    by_id      uuid not null,
    by_name    text not null,
    at         timestamptz not null,
    note       text not null default '',       -- of the objection, or why it was withdrawn
    ended_by   text not null default '',
    ended_at   timestamptz,
    issued_at  timestamptz,                    -- when it took effect
    version    int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, finding_id, n),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    check ((until_on is null) = (outcome = 'done')),
    check ((issued_at is not null) = (state = 'settled'))
);
create unique index long_reviews_open on long_reviews (tenant_id, finding_id) where state = 'proposed';
call sec.guard('long_reviews', drafts => true, unit => 'unit_id');
-- A unit learns what it came to, and writes nothing here.
create policy by_office on long_reviews as restrictive to xuncha_app
    using (current_setting('app.unit') = '' or issued_at is not null)
    with check (current_setting('app.unit') = '');

-- What each party said. Nobody changes it, and nobody but the office's own people reads it.
create table long_opinions (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    review_id uuid not null,
    party     text not null,
    agrees    boolean not null,
    note      text not null default '',
    by_id     uuid not null,
    by_name   text not null,
    at        timestamptz not null,
    primary key (tenant_id, review_id, party),
    foreign key (tenant_id, review_id) references long_reviews on update cascade
);
call sec.guard('long_opinions');
revoke update on long_opinions from xuncha_app, xuncha_jobs;
drop policy changing on long_opinions;
create policy own_office on long_opinions as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');
create policy own_party on long_opinions as restrictive for insert to xuncha_app with check (
    party = current_setting('app.role'));

-- +goose Down
drop table long_opinions, long_reviews;
-- +goose StatementBegin
create or replace function sec.keep_deadline() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into deadlines (tenant_id, finding_id, version, unit_id, due_on, kind, note, at, by_name)
    values (new.tenant_id, new.finding_id, new.due_version, new.unit_id, new.due_on, new.due_kind, new.due_note,
        coalesce(new.due_set_at, new.issued_at, new.changed_at), new.changed_by);
    return null;
end
$$;
-- +goose StatementEnd
alter table deadlines drop column review_on;
update rectifications set due_kind = 'set' where due_kind = 'review';
alter table rectifications drop constraint rectifications_due_kind;
alter table rectifications add constraint rectifications_due_kind
    check (due_kind in ('feedback', 'set', 'extension', 'answer', 'import', 'reopen'));
