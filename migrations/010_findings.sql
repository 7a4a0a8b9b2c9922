-- +goose Up
-- Rounds, the taxonomy, findings, and their rectification: what every list of an office shows.
create table rounds (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    term        int not null,              -- 届
    seq         int not null,              -- 轮
    name        text not null,             -- 十届县委第六轮巡察
    kind        text not null default 'regular'
        check (kind in ('regular', 'special', 'mobile', 'followup', 'crossed', 'raised', 'linked')),
    state       text not null default 'rectifying',
    starts_on   date not null,
    ends_on     date not null,
    feedback_on date,
    policy      jsonb not null default '{}', -- frozen when the round opens
    version     int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, term, seq)
);
call sec.guard('rounds');
alter table grants add foreign key (tenant_id, round_id) references rounds on update cascade;

-- The code tree of findings; shared by all offices so that roll-ups stay comparable.
create table taxonomy (
    code   text primary key check (code ~ '^[A-E]([0-9]{2}([0-9]{2})?)?$'),
    parent text references taxonomy,
    label  text not null
);
grant select on taxonomy to xuncha_app, xuncha_jobs;

-- What inspectors found (问题). Above its office a finding is seen once it is issued (反馈).
create table findings (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    number      text not null,             -- QY-06-02-017
    round_id    uuid not null,
    unit_id     uuid not null,
    seq         int not null,              -- 序号 within the unit's feedback
    focus       int not null check (focus between 1 and 4), -- 四个聚焦
    category    text not null default '',  -- as the feedback words it
    taxonomy    text references taxonomy,
    text        text not null,
    amount_fen  bigint check (amount_fen >= 0),
    tags        text[] not null default '{}',
    origin      text not null default 'patrol' check (origin in ('patrol', 'self-check')),
    issued_at   timestamptz,
    feedback_on date,
    import_id   uuid,
    version     int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
create index findings_unit on findings (tenant_id, unit_id);
create index findings_tags on findings (tenant_id) include (tags) where tags <> '{}';
call sec.guard('findings', drafts => true, unit => 'unit_id');

-- A finding being put right (整改): one row per finding. Overdue is no state: it is a question
-- about today and due_on.
create table rectifications (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    finding_id    uuid not null,
    number        text collate "C" not null, -- of the finding, for the ledger's order; a trigger copies it
    unit_id       uuid not null,
    state         text not null default 'open'
        constraint rectifications_state check (state in ('open', 'working', 'submitted', 'returned', 'long-term', 'closed')),
    kind          text not null default 'near' check (kind in ('immediate', 'near', 'long')),
    goal          text not null default '',
    progress      text not null default '',  -- latest sentence
    due_on        date,
    due_version   int not null default 1,    -- grows when due_on changes: re-arms the reminders
    due_calendar  text not null default '',  -- version of the working-day calendar that due_on used
    due_provisional boolean not null default false,
    due_note      text not null default '',  -- 随省级答复顺延
    review_on     date,                      -- when a long-term item comes back
    submission    int not null default 0,    -- how often it was handed in
    submitted_at  timestamptz,
    returned_at   timestamptz,
    return_note   text not null default '',
    closed_on     date,
    recovered_fen bigint not null default 0 check (recovered_fen >= 0),
    rules_made    int not null default 0,
    rules_amended int not null default 0,
    people_dealt  int not null default 0,
    hold_reason   text not null default '',  -- reminders are held while not empty
    flags         text[] not null default '{}', -- doubt, public-opinion, common, escalated, reopened
    issued_at     timestamptz,
    changed_at    timestamptz not null default now(),
    changed_by    text not null default '',
    version       int not null default 1,
    primary key (tenant_id, finding_id),
    foreign key (tenant_id, finding_id) references findings on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
create index rectifications_due on rectifications (tenant_id, due_on, number, finding_id) where state <> 'closed';
create index rectifications_number on rectifications (tenant_id, number, finding_id);
create index rectifications_state on rectifications (tenant_id, state);

-- +goose StatementBegin
-- A finding's number never changes, so the copy cannot differ from it.
create function copy_number() returns trigger
    language plpgsql as $$
begin
    select f.number into new.number from findings f where f.tenant_id = new.tenant_id and f.id = new.finding_id;
    return new;
end
$$;
-- +goose StatementEnd
create trigger number before insert on rectifications for each row execute function copy_number();
call sec.guard('rectifications', drafts => true, unit => 'unit_id');

create table measures (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    finding_id uuid not null,
    unit_id    uuid not null,
    seq        int not null,
    text       text not null,
    kind       text not null default 'near' check (kind in ('immediate', 'near', 'long')),
    leader     text not null default '',   -- 责任领导
    department text not null default '',   -- 责任科室
    helpers    text not null default '',   -- 协作单位
    due_on     date,
    progress   text not null default '',
    rules      text not null default '',   -- 建章立制
    done       boolean not null default false,
    issued_at  timestamptz,
    import_id  uuid,
    changed_at timestamptz not null default now(),
    changed_by text not null default '',
    version    int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, finding_id, seq),
    foreign key (tenant_id, finding_id) references findings on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('measures', drafts => true, unit => 'unit_id');

-- +goose Down
drop table measures, rectifications, findings, taxonomy cascade;
drop function copy_number();
alter table grants drop constraint grants_tenant_id_round_id_fkey;
drop table rounds;
