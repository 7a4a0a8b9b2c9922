-- +goose Up
-- Rounds of checks (三轮督导检查): what was drawn and why, who goes where, what was seen on site.
--
-- Checks come by surprise. A unit's people never see a plan or a sample: what they may learn is written
-- into a table of its own when the director confirms a visit.

-- One of the three rounds of checks of a round of inspection. seed and share are what the sample was
-- drawn by, so that anybody can draw it again.
create table checks (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    round_id   uuid not null,
    n          int not null check (n between 1 and 3), -- 第一、二、三轮
    share      int not null check (share between 1 and 100), -- percent of the rest
    seed       text not null check (seed ~ '^[0-9A-Za-z-]{1,40}$'),
    opened_at  timestamptz not null,
    opened_by  text not null,
    primary key (tenant_id, id),
    unique (tenant_id, round_id, n),
    foreign key (tenant_id, round_id) references rounds on update cascade
);
call sec.guard('checks');
revoke update on checks from xuncha_app, xuncha_jobs;
drop policy changing on checks;
create policy own_office on checks as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and current_setting('app.role') = any ('{OFF,DIR,LG,DISC}'));

-- What the draw saw: every item of the ledger as it was then, and whether it was taken.
create table check_samples (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    check_id   uuid not null,
    finding_id uuid not null,
    number     text not null,
    reason     text not null constraint check_samples_reason check (reason in ('doubt', 'overdue', 'random')),
    drawn      boolean not null,
    primary key (tenant_id, check_id, finding_id),
    foreign key (tenant_id, check_id) references checks on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    check (drawn or reason = 'random')
);
call sec.guard('check_samples');
revoke update on check_samples from xuncha_app, xuncha_jobs;
drop policy changing on check_samples;
create policy own_office on check_samples as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and current_setting('app.role') = any ('{OFF,DIR,LG,DISC}'));

-- One visit to one problem by two inspectors, and what they saw. A doubtful one is followed by a second.
create table check_visits (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    check_id     uuid not null,
    round_id     uuid not null,
    n            int not null,                  -- of the check
    nth          int not null check (nth in (1, 2)),
    finding_id   uuid not null,
    unit_id      uuid not null,
    reason       text not null check (reason in ('doubt', 'overdue', 'random')),
    state        text not null default 'planned' constraint check_visits_state
        check (state in ('planned', 'reported', 'agreed', 'confirmed', 'cancelled')),
    planned_on   date,
    first_id     uuid,
    first_name   text not null default '',
    second_id    uuid,
    second_name  text not null default '',
    verdict      text not null default '' constraint check_visits_verdict
        check (verdict in ('', 'real', 'partial', 'unchanged', 'doubtful')),
    seen         text not null default '',      -- 到现场看到了什么
    place        text not null default '',
    visited_at   timestamptz,
    latitude     numeric(8, 5) check (latitude between -90 and 90),    -- only with the inspector's consent
    longitude    numeric(8, 5) check (longitude between -180 and 180),
    content      int not null default 0 check (content >= 0),   -- 满意: counts of people present, never who
    fair         int not null default 0 check (fair >= 0),      -- 基本满意
    discontent   int not null default 0 check (discontent >= 0), -- 不满意
    reported_id  uuid,
    reported_by  text not null default '',
    reported_at  timestamptz,
    agreed_by    text not null default '',
    agreed_at    timestamptz,
    return_note  text not null default '',
    outcome      text not null default '' constraint check_visits_outcome
        check (outcome in ('', 'none', 'letter', 'reopen', 'again')),
    outcome_note text not null default '',
    confirmed_by text not null default '',
    confirmed_at timestamptz,
    changed_at   timestamptz not null,
    changed_by   text not null,
    version      int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, check_id, finding_id, nth),
    foreign key (tenant_id, check_id) references checks on update cascade,
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, first_id) references members on update cascade,
    foreign key (tenant_id, second_id) references members on update cascade,
    check (first_id <> second_id),
    check ((latitude is null) = (longitude is null))
);
create index check_visits_finding on check_visits (tenant_id, finding_id);
call sec.guard('check_visits');
-- The office and the discipline commission see all of them, a team's people those that they make.
create policy own_office on check_visits as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and (current_setting('app.role') = any ('{OFF,DIR,LG,DISC}')
        or nullif(current_setting('app.member'), '')::uuid in (first_id, second_id)));

-- Pictures taken on a visit. The bytes lie in the file store under blob.
create table check_photos (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    id        uuid not null,                    -- given by the camera's side, so that sending it twice is once
    visit_id  uuid not null,
    type      text not null,
    size      bigint not null check (size > 0),
    sha256    bytea not null,
    blob      text not null,
    taken_at  timestamptz not null,             -- as the phone says
    by_id     uuid not null,
    by_name   text not null,
    at        timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, visit_id) references check_visits on update cascade
);
create index check_photos_visit on check_photos (tenant_id, visit_id);
create index check_photos_blob on check_photos (tenant_id, blob);
call sec.guard('check_photos');
revoke update on check_photos from xuncha_app, xuncha_jobs;
drop policy changing on check_photos;
create policy with_visit on check_photos as restrictive to xuncha_app using (
    exists (select from check_visits v where v.tenant_id = check_photos.tenant_id and v.id = check_photos.visit_id));

-- What the unit and the levels above learn of a visit, once it is confirmed.
create table check_results (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    visit_id     uuid not null,
    finding_id   uuid not null,
    unit_id      uuid not null,
    n            int not null,
    nth          int not null,
    verdict      text not null,
    seen         text not null,
    visited_on   date not null,
    outcome      text not null,
    outcome_note text not null,
    confirmed_at timestamptz not null,
    primary key (tenant_id, visit_id),
    foreign key (tenant_id, visit_id) references check_visits on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
create index check_results_finding on check_results (tenant_id, finding_id);
call sec.guard('check_results', unit => 'unit_id');
revoke update on check_results from xuncha_app, xuncha_jobs;
drop policy changing on check_results;
-- Only the director confirms.
create policy confirming on check_results as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = 'DIR');

-- +goose Down
drop table check_results, check_photos, check_visits, check_samples, checks;
