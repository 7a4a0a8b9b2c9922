-- +goose Up
-- Files that are looked through for viruses, documents that would act, and what a reviewer notes on a page.

alter table evidence
    add column active boolean not null default false, -- a PDF with script, programs or files inside
    add column scan text not null default 'none'      -- whether it was looked through for viruses
        constraint evidence_scan check (scan in ('none', 'waiting', 'clean', 'infected')),
    add column virus text not null default '',        -- what was found in it, as the scanner calls it
    add column scanned_at timestamptz;
create index evidence_waiting on evidence (tenant_id, at) where scan = 'waiting';

-- What a party notes on a page of a file that was handed in. It is for the party alone until the opinions
-- are opened to each other, and goes to the unit with the return. Nobody changes one: who takes one back
-- adds a row that says so.
create table evidence_notes (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    evidence_id uuid not null,
    finding_id  uuid not null,
    submission  int not null,
    unit_id     uuid not null,
    page        int not null check (page between 1 and 100000),
    text        text not null default '',
    withdraws   uuid,                          -- the note that this row takes back
    party       text not null,
    by_id       uuid not null,
    by_name     text not null,
    at          timestamptz not null,
    revealed    boolean not null default false,
    issued_at   timestamptz,                   -- when it went to the unit
    primary key (tenant_id, id),
    foreign key (tenant_id, evidence_id) references evidence on update cascade,
    foreign key (tenant_id, finding_id, submission) references submissions on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, withdraws) references evidence_notes (tenant_id, id) on update cascade,
    constraint evidence_notes_said check ((withdraws is null) = (text <> ''))
);
create index evidence_notes_finding on evidence_notes (tenant_id, finding_id);
call sec.guard('evidence_notes', unit => 'unit_id');
revoke update on evidence_notes from xuncha_app, xuncha_jobs;
drop policy changing on evidence_notes;
create policy own_office on evidence_notes as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int);
create policy blind on evidence_notes as restrictive for select to xuncha_app using (
    revealed or party = current_setting('app.role'));
create policy returned on evidence_notes as restrictive for select to xuncha_app using (
    current_setting('app.unit') = '' or issued_at is not null);
create policy own_party on evidence_notes as restrictive for insert to xuncha_app with check (
    not revealed and issued_at is null and party = current_setting('app.role') and current_setting('app.unit') = '');

-- +goose StatementBegin
-- Opens the opinions on a handing-in, and the notes that go with them, to each other if those of all its
-- parties are in. It runs past row security because the last party does not see the others' yet.
create or replace function sec.reveal_opinions(item uuid, nth int) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    office int := current_setting('app.tenant')::int;
begin
    if exists (
        select from submissions s, unnest(s.parties) p
        where s.tenant_id = office and s.finding_id = item and s.n = nth
          and not exists (select from opinions o
            where o.tenant_id = office and o.finding_id = item and o.submission = nth and o.party = p)) then
        return false;
    end if;
    update evidence_notes e set revealed = true
    where e.tenant_id = office and e.finding_id = item and e.submission = nth;
    update opinions o set revealed = true
    where o.tenant_id = office and o.finding_id = item and o.submission = nth;
    return found;
end
$$;

-- Sends the notes of a handing-in to the unit with its return.
create function sec.issue_notes() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update evidence_notes e set issued_at = new.decided_at
    where e.tenant_id = new.tenant_id and e.finding_id = new.finding_id and e.submission = new.n and e.revealed;
    return null;
end
$$;
-- +goose StatementEnd
revoke execute on function sec.issue_notes() from public;
grant select, update on evidence_notes to xuncha_sec;
alter function sec.issue_notes() owner to xuncha_sec;
create trigger issue_notes after update of outcome on submissions
    for each row when (new.outcome = 'returned' and old.outcome is null) execute function sec.issue_notes();

-- +goose Down
drop trigger issue_notes on submissions;
drop function sec.issue_notes();
-- +goose StatementBegin
create or replace function sec.reveal_opinions(item uuid, nth int) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    office int := current_setting('app.tenant')::int;
begin
    if exists (
        select from submissions s, unnest(s.parties) p
        where s.tenant_id = office and s.finding_id = item and s.n = nth
          and not exists (select from opinions o
            where o.tenant_id = office and o.finding_id = item and o.submission = nth and o.party = p)) then
        return false;
    end if;
    update opinions o set revealed = true
    where o.tenant_id = office and o.finding_id = item and o.submission = nth;
    return found;
end
$$;
-- +goose StatementEnd
drop table evidence_notes;
alter table evidence drop column scanned_at, drop column virus, drop column scan, drop column active;
