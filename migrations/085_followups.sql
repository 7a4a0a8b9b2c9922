-- +goose Up
-- Follow-ups of a past round (回头看): whom they take and why, what two people found of each problem, new
-- problems, and what the unit learns.
--
-- Before its notice nobody of a unit sees a follow-up at all, and what is found only once it is reported: what
-- a unit may learn is written into tables of its own.

create table followups (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    id            uuid not null,
    round_id      uuid not null,               -- the past round
    name          text not null,
    state         text not null constraint followups_state check (state in
        ('draft', 'notified', 'ongoing', 'reported', 'cancelled')),
    starts_on     date not null,
    ends_on       date not null,
    leader_id     uuid not null,
    members       uuid[] not null,             -- who looks, the leader among them
    people        jsonb not null,              -- the same with name and role
    units         jsonb not null,              -- whom it takes, and what spoke for it
    reason        text not null default '',    -- why it was cancelled
    summary       text not null default '',    -- 总体评价, of the report
    due_on        date,                        -- until when what was reopened is to be put right
    found_id      uuid,                        -- the round that the new problems are of, once reported
    notified_at   timestamptz,
    notified_name text not null default '',
    reported_at   timestamptz,
    reported_name text not null default '',
    changed_at    timestamptz not null,
    changed_name  text not null,
    version       int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, leader_id) references members on update cascade,
    foreign key (tenant_id, found_id) references rounds on update cascade,
    check (ends_on >= starts_on),
    check ((found_id is not null) = (state = 'reported'))
);
call sec.guard('followups');
-- The office, the discipline commission and the leading group see all of them, a team's people those that
-- they belong to (TRUST 2.2, row 4).
create policy own_office on followups as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and (current_setting('app.role') = any ('{OFF,DIR,LG,DISC}')
        or nullif(current_setting('app.member'), '')::uuid = any (members)));
create policy opened_by_office on followups as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));
create policy kept_by_office on followups as restrictive for update to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));

-- One problem of the past round looked at again by two people (核查记录).
create table followup_items (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    followup_id uuid not null,
    finding_id  uuid not null,
    unit_id     uuid not null,
    state       text not null default 'open' constraint followup_items_state check (state in ('open', 'seen', 'agreed')),
    verdict     text not null default '' constraint followup_items_verdict
        check (verdict in ('', 'confirmed', 'insufficient', 'rebounded', 'false')),
    fact        text not null default '',      -- 事实
    seen_on     date,
    case_state  text not null default '',      -- of the case when it was looked at
    first_id    uuid,
    first_name  text not null default '',
    first_at    timestamptz,
    second_name text not null default '',
    second_at   timestamptz,
    note        text not null default '',      -- why it came back
    version     int not null default 1,
    primary key (tenant_id, followup_id, finding_id),
    foreign key (tenant_id, followup_id) references followups on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('followup_items');
create policy with_followup on followup_items as restrictive to xuncha_app using (
    exists (select from followups w where w.tenant_id = followup_items.tenant_id and w.id = followup_items.followup_id));

-- A problem that a follow-up found (新发现问题). With the report it becomes a finding of the ledger.
create table followup_problems (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    followup_id uuid not null,
    unit_id     uuid not null,
    focus       int not null check (focus between 1 and 4),
    category    text not null,
    text        text not null,
    amount_fen  bigint check (amount_fen >= 0),
    by_id       uuid not null,
    by_name     text not null,
    at          timestamptz not null,
    dropped_at  timestamptz,                   -- struck again before the report
    finding_id  uuid,                          -- once reported
    primary key (tenant_id, id),
    foreign key (tenant_id, followup_id) references followups on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade
);
create index followup_problems_of on followup_problems (tenant_id, followup_id);
call sec.guard('followup_problems');
create policy with_followup on followup_problems as restrictive to xuncha_app using (
    exists (select from followups w where w.tenant_id = followup_problems.tenant_id and w.id = followup_problems.followup_id));

-- What a unit learns with the notice (通知), and how far it is.
create table followup_notices (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    followup_id uuid not null,
    unit_id     uuid not null,
    round_id    uuid not null,
    name        text not null,
    state       text not null,
    starts_on   date not null,
    ends_on     date not null,
    leader_name text not null,
    items       uuid[] not null,               -- the problems that are looked at again
    found       uuid[] not null default '{}',  -- and those newly found, once reported
    reason      text not null default '',
    summary     text not null default '',
    notified_at timestamptz not null,
    reported_at timestamptz,
    primary key (tenant_id, followup_id, unit_id),
    foreign key (tenant_id, followup_id) references followups on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, round_id) references rounds on update cascade
);
create index followup_notices_unit on followup_notices (tenant_id, unit_id);
call sec.guard('followup_notices', unit => 'unit_id');
create policy readers on followup_notices as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.role') = any ('{OFF,DIR,UNIT,HEAD}'));
create policy given_by_office on followup_notices as restrictive for insert to xuncha_app with check (
    current_setting('app.unit') = '');
create policy kept_by_office on followup_notices as restrictive for update to xuncha_app using (
    current_setting('app.unit') = '');

-- What a follow-up came to for one problem: for the unit and the levels above. Nobody changes one.
create table followup_results (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    followup_id uuid not null,
    finding_id  uuid not null,
    unit_id     uuid not null,
    name        text not null,
    verdict     text not null,
    fact        text not null,
    seen_on     date not null,
    due_on      date,                          -- of the case that was reopened for it
    at          timestamptz not null,
    primary key (tenant_id, followup_id, finding_id),
    foreign key (tenant_id, followup_id) references followups on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
create index followup_results_finding on followup_results (tenant_id, finding_id);
call sec.guard('followup_results', unit => 'unit_id');
revoke update on followup_results from xuncha_app, xuncha_jobs;
drop policy changing on followup_results;
-- Only the director reports.
create policy reporting on followup_results as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = 'DIR');

-- +goose Down
drop table followup_results, followup_notices, followup_problems, followup_items, followups;
