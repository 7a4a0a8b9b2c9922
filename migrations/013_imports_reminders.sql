-- +goose Up
-- Ledgers that are imported, the ladder of reminders, and the mail that leaves the house.

-- What the ledgers of units keep besides what the first tables had room for.
alter table measures add column person text not null default '';  -- 责任人
alter table measures add column remark text not null default '';
-- Withdrawn with the import that brought them (撤回导入): kept, their numbers with them, and seen by
-- nobody but the import that looks for what it left behind.
alter table findings add column withdrawn_at timestamptz;
alter table rectifications add column withdrawn_at timestamptz;
alter table measures add column withdrawn_at timestamptz;
create policy withdrawn on findings as restrictive for select to xuncha_app, xuncha_jobs
    using (withdrawn_at is null or current_setting('app.withdrawn', true) = 'shown');
create policy withdrawn on rectifications as restrictive for select to xuncha_app, xuncha_jobs
    using (withdrawn_at is null or current_setting('app.withdrawn', true) = 'shown');
create policy withdrawn on measures as restrictive for select to xuncha_app, xuncha_jobs
    using (withdrawn_at is null or current_setting('app.withdrawn', true) = 'shown');
-- Since when the item has this deadline: rungs that had passed by then are not sent.
alter table rectifications add column due_set_at timestamptz;

-- One import of a ledger: the file as it was uploaded, how it is read, and what came of it.
create table imports (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    unit_id     uuid not null,
    round_id    uuid not null,
    feedback_on date not null,
    issue       boolean not null,              -- issued at once, because the feedback was given
    file_name   text not null,
    size        bigint not null,
    digest      bytea not null,                -- SHA-256 of the file
    blob        text not null,                 -- where the file is kept
    header      text not null default '',      -- the header as written: another with the same is read alike
    options     jsonb not null default '{}',   -- how it is read, where the person corrected it
    reading     jsonb not null,                -- all of the reading but its problems, which are rows
    questions   jsonb not null default '[]',   -- about rows that belong to no problem
    answers     jsonb not null default '{}',   -- as the person answered those
    focuses     jsonb not null default '{}',   -- 四个聚焦 by category, where the person said so
    state       text not null default 'read'
        constraint imports_state check (state in ('read', 'running', 'done', 'failed', 'discarded', 'taken-back')),
    total       int not null default 0,        -- problems
    done        int not null default 0,
    failure     text not null default '',
    made_at     timestamptz not null,
    made_by     text not null,
    member_id   uuid not null,                 -- who uploaded it
    ran_at      timestamptz,
    ran_by      text not null default '',
    ended_at    timestamptz,
    taken_at    timestamptz,
    taken_by    text not null default '',
    known_at    timestamptz,                   -- when who ran it said that the result is known
    version     int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, round_id) references rounds on update cascade
);
create index imports_unit on imports (tenant_id, unit_id, made_at desc);
call sec.guard('imports');
-- A ledger that is being imported is the office's own matter until findings come of it.
create policy own_office on imports as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

-- One problem of an imported ledger with its measures: what was read, what the person chose, and
-- what came of it. A row is done as a whole or not at all.
create table import_rows (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    import_id   uuid not null,
    seq         int not null,                  -- place in the file
    problem     jsonb not null,                -- as read
    questions   jsonb not null default '[]',   -- as asked
    answers     jsonb not null default '{}',   -- as the person answered
    choice      text not null default ''
        constraint import_rows_choice check (choice in ('', 'add', 'update', 'skip')),
    result      text not null default ''
        constraint import_rows_result check (result in ('', 'added', 'updated', 'same', 'skipped', 'rejected', 'withdrawn', 'kept')),
    reason      text not null default '',
    finding_id  uuid,                          -- that came of it, or that was there
    left_as     jsonb,                         -- versions in which the import left what it wrote
    before      jsonb,                         -- what an update replaced
    primary key (tenant_id, import_id, seq),
    foreign key (tenant_id, import_id) references imports on update cascade,
    foreign key (tenant_id, finding_id) references findings on update cascade
);
create index import_rows_open on import_rows (tenant_id, import_id, seq) where result = '';
call sec.guard('import_rows');
create policy own_office on import_rows as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

-- The ledger of reminders (催办): its key is what makes each happen once, whoever scans, and however
-- often. due_version grows with the deadline, so that an extension re-arms the ladder.
create table reminders (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    finding_id  uuid not null,
    due_version int not null,
    rung        text not null,                 -- T-7
    id          uuid not null,
    unit_id     uuid not null,
    title       text not null,                 -- 提醒书
    document    text not null,                 -- begins its number: 提, 督, 诫; empty for a message
    number      text not null default '',      -- 松巡办督〔2026〕12号, once signed
    signer      text not null,                 -- role; empty for a message
    recipients  text[] not null,               -- roles
    state       text not null
        constraint reminders_state check (state in ('waiting', 'sent', 'dropped', 'skipped')),
    due_on      date not null,                 -- the deadline that it is about
    planned_on  date not null,                 -- the working day on which it was to go out
    provisional boolean not null,              -- the calendar of that year is not published
    calendar    text not null,                 -- version of the calendar that was used
    late        boolean not null default false, -- made up for after an outage (补发)
    note        text not null default '',      -- why late, why skipped, why dropped
    made_at     timestamptz not null,
    decided_by  text not null default '',      -- who signed or dropped it
    issued_at   timestamptz,                   -- when it went out
    primary key (tenant_id, finding_id, due_version, rung),
    unique (tenant_id, id),
    foreign key (tenant_id, finding_id) references rectifications on update cascade
);
create index reminders_waiting on reminders (tenant_id, planned_on) where state = 'waiting';
call sec.guard('reminders', drafts => true, unit => 'unit_id');
-- A unit sees what was sent to it, not what the office weighs.
create policy sent on reminders as restrictive to xuncha_app using (
    current_setting('app.unit') = '' or state = 'sent');

-- Who has read a reminder, and who has signed for it.
create table reminder_receipts (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    reminder_id uuid not null,
    member_id   uuid not null,
    unit_id     uuid not null,
    name        text not null,
    role        text not null,
    read_at     timestamptz not null,
    signed_at   timestamptz,
    primary key (tenant_id, reminder_id, member_id),
    foreign key (tenant_id, reminder_id) references reminders (tenant_id, id) on update cascade,
    foreign key (tenant_id, member_id) references members on update cascade
);
call sec.guard('reminder_receipts', unit => 'unit_id');

-- When the director held the reminders of an item, and why.
create table reminder_holds (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    finding_id  uuid not null,
    seq         int not null,
    unit_id     uuid not null,
    from_at     timestamptz not null,
    until_at    timestamptz,
    reason      text not null,
    held_by     text not null,
    released_by text not null default '',
    primary key (tenant_id, finding_id, seq),
    foreign key (tenant_id, finding_id) references rectifications on update cascade
);
create unique index reminder_holds_open on reminder_holds (tenant_id, finding_id) where until_at is null;
call sec.guard('reminder_holds', unit => 'unit_id');

-- E-mail that leaves the house. Nobody can send a mail exactly once; here it is sent at most once
-- unless the server said that it did not take it, and what nobody knows is shown to a person.
-- Times of attempts are the database's: they must not follow a clock that was moved.
create table messages (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,                 -- also its Message-ID: the same at every attempt
    kind        text not null check (kind in ('reminder', 'signature')),
    member_id   uuid not null,
    address     text not null,
    refs        uuid[] not null,               -- reminders that it speaks of, without their content
    subject     text not null default '',      -- as attempted
    body        text not null default '',
    state       text not null default 'ready'
        constraint messages_state check (state in ('ready', 'attempting', 'sent', 'unknown', 'failed', 'dropped')),
    token       uuid,                          -- of the attempt: a late one with an old token changes nothing
    attempts    int not null default 0,
    not_before  timestamptz not null default now(),
    tried_at    timestamptz,
    answer      text not null default '',      -- the server's code, or why nothing is known
    decided_by  text not null default '',      -- who decided about an unknown one
    made_at     timestamptz not null,
    version     int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, member_id) references members on update cascade
);
create index messages_open on messages (tenant_id, not_before) where state in ('ready', 'attempting');
create index messages_state on messages (tenant_id, made_at desc) where state in ('unknown', 'failed');
call sec.guard('messages');
create policy own_office on messages as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

-- +goose Down
drop table messages, reminder_holds, reminder_receipts, reminders, import_rows, imports;
alter table rectifications drop column due_set_at;
drop policy withdrawn on measures;
drop policy withdrawn on rectifications;
drop policy withdrawn on findings;
alter table measures drop column withdrawn_at, drop column person, drop column remark;
alter table rectifications drop column withdrawn_at;
alter table findings drop column withdrawn_at;
