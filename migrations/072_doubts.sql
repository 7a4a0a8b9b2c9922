-- +goose Up
-- What a file says of itself, the period it covers, and signals of doubt (存疑待核): found by rules, answered by
-- the unit, decided on site by two persons.

alter table uploads
    add column covers_from date,
    add column covers_until date;

alter table evidence
    add column covers_from date,               -- the period that it speaks of (覆盖期间), as the unit says
    add column covers_until date,
    add column taken_at timestamptz,           -- of a picture, as its EXIF says
    add column made_at timestamptz,            -- of a document, as its own properties say
    add column edited_at timestamptz,
    add column pages int,
    add column picture bigint,                 -- perceptual hash; near ones are near pictures
    add constraint evidence_covers check (covers_from <= covers_until);
create index evidence_picture on evidence (tenant_id, picture) where picture is not null;

-- One signal. The unit reads it: what is written here names no other unit and no reviewer.
create table doubts (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    finding_id   uuid not null,
    unit_id      uuid not null,
    kind         text not null constraint doubts_kind check (kind in ('same-file', 'near-picture', 'before-feedback',
        'late-minutes', 'same-text', 'burst', 'deadline-burst', 'rules-only', 'named-again')),
    cause        text not null,                -- what it was found by: once is enough
    evidence_id  uuid,
    measure_id   uuid,
    question     text not null,                -- what the unit is asked
    state        text not null default 'found' constraint doubts_state check (state in ('found', 'answered', 'checked',
        'confirmed', 'cleared')),
    answer       text not null default '',
    answer_files uuid[] not null default '{}',
    answered_at  timestamptz,
    turn         int not null default 1 check (turn > 0), -- grows when two persons do not agree
    seen_on      date,                         -- the day on site, once decided
    decided_at   timestamptz,
    found_at     timestamptz not null,
    issued_at    timestamptz,                  -- when its item was: from then on the levels above read it
    version      int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, kind, cause),
    check ((state in ('confirmed', 'cleared')) = (decided_at is not null)),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, evidence_id) references evidence (tenant_id, id) on update cascade,
    foreign key (tenant_id, measure_id) references measures on update cascade
);
create index doubts_finding on doubts (tenant_id, finding_id);
create index doubts_found on doubts (tenant_id, found_at desc, id desc);
call sec.guard('doubts', drafts => true, unit => 'unit_id');
-- A unit answers, and never decides.
create policy decided_by_office on doubts as restrictive for update to xuncha_app with check (
    current_setting('app.unit') = '' or state in ('found', 'answered'));

-- Why, with what belongs to others. No unit reads it.
create table doubt_reasons (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    doubt_id   uuid not null,
    other_id   uuid,                           -- the finding whose file or text is alike
    facts      jsonb not null,
    reason     text not null,
    by_id      uuid,                           -- who entered it; null for a rule
    by_name    text not null default '',
    issued_at  timestamptz,
    primary key (tenant_id, doubt_id),
    foreign key (tenant_id, doubt_id) references doubts on update cascade,
    foreign key (tenant_id, other_id) references rectifications on update cascade
);
call sec.guard('doubt_reasons', drafts => true);
create policy not_unit on doubt_reasons as restrictive to xuncha_app using (current_setting('app.unit') = '');

-- What one person concluded on site. The keys make it two persons, in whatever haste; nobody changes one.
create table doubt_looks (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    doubt_id   uuid not null,
    turn       int not null check (turn > 0),
    nth        int not null check (nth in (1, 2)),
    verdict    text not null check (verdict in ('confirmed', 'cleared')),
    seen_on    date not null,
    note       text not null,
    by_id      uuid not null,
    by_name    text not null,
    role       text not null,
    at         timestamptz not null,
    issued_at  timestamptz,
    primary key (tenant_id, doubt_id, turn, nth),
    unique (tenant_id, doubt_id, turn, by_id),
    foreign key (tenant_id, doubt_id) references doubts on update cascade
);
call sec.guard('doubt_looks', drafts => true);
revoke update on doubt_looks from xuncha_app, xuncha_jobs;
drop policy changing on doubt_looks;
create policy not_unit on doubt_looks as restrictive to xuncha_app using (current_setting('app.unit') = '');

-- Near texts of measures: equal bands of their MinHash. No trigram and no array operator: those are not
-- leakproof, and row security would switch their index off.
create table measure_bands (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    measure_id uuid not null,
    nth        int not null,
    band       bigint not null,
    version    int not null,                   -- of the measure whose text it was
    primary key (tenant_id, measure_id, nth),
    foreign key (tenant_id, measure_id) references measures on update cascade
);
create index measure_bands_band on measure_bands (tenant_id, band) include (measure_id);
call sec.guard('measure_bands');

-- How far each scan has come.
create table doubt_scans (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    scan       text not null,
    until_at   timestamptz not null,
    primary key (tenant_id, scan)
);
call sec.guard('doubt_scans');

-- +goose Down
drop table doubt_scans, measure_bands, doubt_looks, doubt_reasons, doubts;
alter table evidence
    drop column picture, drop column pages, drop column edited_at, drop column made_at,
    drop column taken_at, drop column covers_until, drop column covers_from;
alter table uploads drop column covers_until, drop column covers_from;
