-- +goose Up
-- The letters of the ladder (催办文书): what they say, the talks that go with them (约谈), and whom the
-- office named to receive one whose recipient has left.
alter table reminders add column talk boolean not null default false;
alter table reminders add column receiver_id uuid;
alter table reminders add foreign key (tenant_id, receiver_id) references members on update cascade;
-- A unit sees what was sent to it, not what goes to the leading group.
drop policy sent on reminders;
create policy sent on reminders as restrictive to xuncha_app using (
    current_setting('app.unit') = '' or state = 'sent' and recipients && array['UNIT', 'HEAD']);

-- One letter's text. Before the signature only what the signer wrote is kept; the rest is filled in from
-- the records whenever it is read. With the signature the whole text is kept, and changes no more.
create table letters (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    reminder_id uuid not null,
    unit_id     uuid not null,
    to_unit     boolean not null,              -- goes to the unit, and not to the leading group
    ask         text not null,                 -- what is asked for, as the signer words it
    text        jsonb,                         -- as signed
    digest      bytea,                         -- SHA-256 of the text as signed
    words       text not null default '',      -- what the leading group wrote on it (批示)
    issued_at   timestamptz,
    changed_at  timestamptz not null,
    changed_by  text not null,
    version     int not null default 1,
    primary key (tenant_id, reminder_id),
    foreign key (tenant_id, reminder_id) references reminders (tenant_id, id) on update cascade,
    constraint letters_whole check ((issued_at is null) = (text is null) and (text is null) = (digest is null))
);
call sec.guard('letters', unit => 'unit_id');
-- What a letter says is for the office and its recipient; above it is only counted.
create policy own_office on letters as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int);
create policy addressed on letters as restrictive to xuncha_app using (
    current_setting('app.unit') = '' or to_unit and issued_at is not null);
create policy frozen on letters as restrictive for update to xuncha_app, xuncha_jobs
    using (issued_at is null) with check (current_setting('app.unit') = '');

-- The record of a talk (约谈): a rung that asks for one is done only with it.
create table talks (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    reminder_id uuid not null,
    held_on     date not null,
    talker      text not null,                 -- 约谈人
    talked_to   text not null,                 -- 被约谈人
    summary     text not null,
    result      text not null,
    entered_at  timestamptz not null,
    entered_by  text not null,
    primary key (tenant_id, reminder_id),
    foreign key (tenant_id, reminder_id) references reminders (tenant_id, id) on update cascade
);
call sec.guard('talks');
create policy own_office on talks as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

-- A rung that an office climbs for an item of an office below it (上级督办): the row that both share.
-- tenant_id is the office below, which signs for it; the issuer is the one above. A row is the issuer's
-- alone until it is signed. The key makes each happen once.
create table urgings (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    issuer      int not null default current_tenant() references tenants on update cascade,
    finding_id  uuid not null,
    due_version int not null,
    rung        text not null,
    id          uuid not null,
    title       text not null,
    document    text not null,
    number      text not null default '',
    state       text not null default 'waiting'
        constraint urgings_state check (state in ('waiting', 'sent', 'dropped')),
    due_on      date not null,
    planned_on  date not null,
    made_at     timestamptz not null,
    text        jsonb,                         -- as signed
    digest      bytea,
    note        text not null default '',      -- why dropped
    decided_by  text not null default '',
    issued_at   timestamptz,
    received_at timestamptz,                   -- the office below signed for it
    received_by text not null default '',
    primary key (tenant_id, issuer, finding_id, due_version, rung),
    unique (tenant_id, id),
    foreign key (tenant_id, finding_id) references rectifications on update cascade
);
alter table urgings enable row level security;
alter table urgings force row level security;
create policy reach on urgings for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    and (issued_at is not null or issuer = current_setting('app.tenant')::int));
create policy adding on urgings for insert to xuncha_app, xuncha_jobs with check (
    issuer = current_setting('app.tenant')::int and state = 'waiting' and tenant_id <> issuer
    and tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy changing on urgings for update to xuncha_app, xuncha_jobs
    using (current_setting('app.tenant')::int in (tenant_id, issuer))
    with check (current_setting('app.tenant')::int in (tenant_id, issuer));
create policy own_unit on urgings as restrictive to xuncha_app using (current_setting('app.unit') = '');
create trigger sides before update on urgings for each row execute function sec.sides('issuer',
    'number text digest note decided_by issued_at', 'received_at received_by', '', 'sent dropped', '');
grant select, insert, update on urgings to xuncha_app, xuncha_jobs;

-- +goose Down
drop table urgings, talks, letters;
drop policy sent on reminders;
create policy sent on reminders as restrictive to xuncha_app using (
    current_setting('app.unit') = '' or state = 'sent');
alter table reminders drop column receiver_id, drop column talk;
