-- +goose Up
-- More time: what a unit asks for, how the clock of each case came to stand where it stands, and who has
-- a review in hand.

-- A request for more time (延期), or to go on as a long-term case (转长期整改).
create table extensions (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    finding_id uuid not null,
    unit_id    uuid not null,
    n          int not null check (n > 0),     -- of the case
    kind       text not null constraint extensions_kind check (kind in ('later', 'long-term')),
    state      text not null
        constraint extensions_state check (state in ('asked', 'signed', 'approved', 'refused', 'withdrawn')),
    from_on    date,                           -- the last day when it was asked for
    until_on   date not null,                  -- the day asked for: a last day, or when a long-term case comes back
    reason     text not null,
    evidence   uuid[] not null default '{}',   -- files of the case that support it
    approver   text not null                   -- who decides, as the policy said when it was asked for
        constraint extensions_approver check (approver in ('DIR', 'LG')),
    by_id      uuid not null,
    by_name    text not null,
    at         timestamptz not null,
    promise    text not null default '',       -- what the head signed
    signed_by  text not null default '',
    issued_at  timestamptz,                    -- when the head signed: the levels above see it from then on
    note       text not null default '',       -- of the decision, or why it was withdrawn
    ended_by   text not null default '',
    ended_at   timestamptz,
    version    int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, finding_id, n),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
create unique index extensions_open on extensions (tenant_id, finding_id) where state in ('asked', 'signed');
call sec.guard('extensions', drafts => true, unit => 'unit_id');
-- A unit asks, and never decides what it asked for.
create policy asked_first on extensions as restrictive for insert to xuncha_app with check (state = 'asked');
create policy decided_by_office on extensions as restrictive for update to xuncha_app with check (
    current_setting('app.unit') = '' or state in ('asked', 'signed', 'withdrawn'));

-- How a deadline came about, beside the day itself.
alter table rectifications add column due_kind text not null default 'feedback'
    constraint rectifications_due_kind
        check (due_kind in ('feedback', 'set', 'extension', 'answer', 'import', 'reopen'));

-- Every last day that a case had (期限沿革). Nobody writes it: it follows from the cases.
create table deadlines (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    finding_id uuid not null,
    version    int not null,                   -- due_version of the case
    unit_id    uuid not null,
    due_on     date,
    kind       text not null,
    note       text not null,                  -- why it is this day
    at         timestamptz not null,           -- since when
    by_name    text not null,
    primary key (tenant_id, finding_id, version),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('deadlines', unit => 'unit_id');
revoke insert, update on deadlines from xuncha_app, xuncha_jobs;
drop policy adding on deadlines;
drop policy changing on deadlines;

-- +goose StatementBegin
-- Keeps the deadline that a case got. It runs past row security so that no login can write one itself.
create function sec.keep_deadline() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into deadlines (tenant_id, finding_id, version, unit_id, due_on, kind, note, at, by_name)
    values (new.tenant_id, new.finding_id, new.due_version, new.unit_id, new.due_on, new.due_kind, new.due_note,
        coalesce(new.due_set_at, new.issued_at, new.changed_at), new.changed_by);
    return null;
end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
-- Keeps those that stand now; what they were before is in the journal alone.
create function sec.keep_deadlines() returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    insert into deadlines (tenant_id, finding_id, version, unit_id, due_on, kind, note, at, by_name)
    select r.tenant_id, r.finding_id, r.due_version, r.unit_id, r.due_on,
        case when r.due_version = 1 then 'feedback' else 'set' end, r.due_note,
        coalesce(r.due_set_at, r.issued_at, r.changed_at), ''
    from rectifications r
$$;
-- +goose StatementEnd
revoke execute on function sec.keep_deadline(), sec.keep_deadlines() from public;
grant select, insert on deadlines to xuncha_sec;
alter function sec.keep_deadline() owner to xuncha_sec;
alter function sec.keep_deadlines() owner to xuncha_sec;
grant execute on function sec.keep_deadlines() to xuncha_owner;
select sec.keep_deadlines();
drop function sec.keep_deadlines();
create trigger deadline_new after insert on rectifications
    for each row execute function sec.keep_deadline();
create trigger deadline_changed after update of due_version on rectifications
    for each row when (old.due_version is distinct from new.due_version)
    execute function sec.keep_deadline();

-- Who of a reviewing party has a handing-in in hand (认领): one person, until it is given back or lapses.
create table review_claims (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    finding_id uuid not null,
    submission int not null,
    party      text not null,
    member_id  uuid,                           -- null once it was given back
    by_name    text not null,
    at         timestamptz not null,
    until_on   date not null,                  -- the last day on which it holds
    version    int not null default 1,
    primary key (tenant_id, finding_id, submission, party),
    foreign key (tenant_id, finding_id, submission) references submissions on update cascade,
    foreign key (tenant_id, member_id) references members on update cascade
);
call sec.guard('review_claims');
create policy own_office on review_claims as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');
create policy own_party on review_claims as restrictive for insert to xuncha_app with check (
    party = current_setting('app.role'));
create policy party_or_director on review_claims as restrictive for update to xuncha_app using (
    party = current_setting('app.role') or current_setting('app.role') = 'DIR');

-- +goose Down
drop table review_claims;
drop trigger deadline_new on rectifications;
drop trigger deadline_changed on rectifications;
drop function sec.keep_deadline();
drop table deadlines;
alter table rectifications drop column due_kind;
drop table extensions;
