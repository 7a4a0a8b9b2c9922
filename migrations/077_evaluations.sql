-- +goose Up
-- Effect evaluation (整改成效评估): score cards, the self-evaluation of a unit, what the group writes, the frozen
-- snapshots that scores are computed from, results, and second rectifications.

-- A score card (评分表). One that was published never changes: a further version is published.
create table score_cards (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    key        text not null,
    version    int not null check (version > 0),
    body       json not null,
    note       text not null,                  -- why it was published
    at         timestamptz not null,
    by_name    text not null,
    primary key (tenant_id, key, version)
);
call sec.guard('score_cards');
revoke update on score_cards from xuncha_app, xuncha_jobs;
drop policy changing on score_cards;
create policy own_office on score_cards as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');
create policy publishing on score_cards as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = 'DIR');

-- +goose StatementBegin
-- The cards in force for the office that works: of each key the newest of the nearest office that has one.
create function sec.cards() returns table (key text, version int, body json, office text, at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct on (c.key) c.key, c.version, c.body, t.short, c.at
    from tenants t join score_cards c on c.tenant_id = t.id
    where current_setting('app.tenant')::int between t.lo and t.hi
    order by c.key, t.lo desc, t.hi, c.version desc
$$;
-- +goose StatementEnd
grant select on score_cards to xuncha_sec;
grant execute on function sec.cards() to xuncha_app, xuncha_jobs;
alter function sec.cards() owner to xuncha_sec;

-- One evaluation of one unit and round, with what the unit says of itself. What the group writes is in another
-- table: the unit reads this row.
create table evaluations (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    round_id     uuid not null,
    unit_id      uuid not null,
    edition      int not null check (edition > 0),
    state        text not null constraint evaluations_state check (state in
        ('self', 'assessing', 'reviewing', 'approving', 'decided', 'published', 'superseded')),
    card         json not null,                -- as it was when the evaluation began
    reason       text not null default '',     -- of a further edition: why it is scored again
    self         jsonb not null default '[]',  -- the self-evaluation, by aspect
    self_note    text not null default '',
    asked        text not null default '',     -- why the self-evaluation came back, or why there is none
    head_id      uuid,                         -- who signed for the unit
    head_name    text not null default '',
    head_at      timestamptz,
    issued_at    timestamptz,                  -- when it was made known (通报)
    changed_name text not null,
    changed_at   timestamptz not null,
    version      int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, round_id, unit_id, edition),
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    check ((issued_at is not null) = (state in ('published', 'superseded')))
);
create index evaluations_unit on evaluations (tenant_id, unit_id);
-- One edition at most is being worked on, and one is in force.
create unique index evaluations_open on evaluations (tenant_id, round_id, unit_id) where state not in ('published', 'superseded');
create unique index evaluations_current on evaluations (tenant_id, round_id, unit_id) where state = 'published';
call sec.guard('evaluations', drafts => true, unit => 'unit_id');
-- Neither a team's people nor administrators have anything to do with it (TRUST 2.2, row 29).
create policy readers on evaluations as restrictive to xuncha_app using (
    current_setting('app.role') = any ('{OFF,DIR,LG,UNIT,HEAD,DISC,ORG,DEPT,CITY,PROV}'));
create policy begun_by_office on evaluations as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));
-- A unit writes while the self-evaluation is its own, and passes it on.
create policy self_by_unit on evaluations as restrictive for update to xuncha_app using (
    current_setting('app.unit') = '' or state = 'self') with check (
    current_setting('app.unit') = '' or state in ('self', 'assessing'));

-- What the group writes (评估组评分). No unit and no level above ever reads it; of the departments only the
-- people named in it.
create table evaluation_sheets (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    evaluation_id uuid not null,
    members       uuid[] not null default '{}', -- who scores
    people        jsonb not null default '[]', -- the same with name and party
    entries       jsonb not null default '[]', -- deductions
    marks         jsonb not null default '[]', -- grades by aspect and party, for a qualitative card
    survey        jsonb,                       -- 满意度测评, as entered
    n             int not null default 0,      -- of the snapshot that counts; 0 before
    points        int,                         -- of that snapshot, in tenths
    grade         text not null default '',
    veto          boolean not null default false,
    note          text not null default '',    -- why it came back, or what goes with the decision
    decided_name  text not null default '',
    decided_at    timestamptz,
    primary key (tenant_id, evaluation_id),
    foreign key (tenant_id, evaluation_id) references evaluations on update cascade
);
call sec.guard('evaluation_sheets');
create policy own_office on evaluation_sheets as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and (current_setting('app.role') = any ('{OFF,DIR,LG}')
        or nullif(current_setting('app.member'), '')::uuid = any (members)));

-- What was frozen when the group finished: the one input of the score. Nobody changes one.
create table evaluation_snapshots (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    evaluation_id uuid not null,
    n             int not null check (n > 0),
    content       json not null,               -- byte for byte what digest is of
    digest        bytea not null,              -- SM3
    by_id         uuid not null,
    by_name       text not null,
    at            timestamptz not null,
    primary key (tenant_id, evaluation_id, n),
    foreign key (tenant_id, evaluation_id) references evaluation_sheets on update cascade
);
call sec.guard('evaluation_snapshots');
revoke update on evaluation_snapshots from xuncha_app, xuncha_jobs;
drop policy changing on evaluation_snapshots;
create policy own_office on evaluation_snapshots as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and exists (
        select from evaluation_sheets s
        where s.tenant_id = evaluation_snapshots.tenant_id and s.evaluation_id = evaluation_snapshots.evaluation_id));
create policy freezing on evaluation_snapshots as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = 'OFF');

-- What the unit and the levels above learn, once it is made known.
create table evaluation_results (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    evaluation_id uuid not null,
    unit_id       uuid not null,
    points        int,
    grade         text not null,
    veto          boolean not null,
    content       jsonb not null,              -- by aspect, with every deduction and its reason
    paragraph     text not null,
    at            timestamptz not null,
    by_name       text not null,
    primary key (tenant_id, evaluation_id),
    foreign key (tenant_id, evaluation_id) references evaluations on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('evaluation_results', unit => 'unit_id');
revoke update on evaluation_results from xuncha_app, xuncha_jobs;
drop policy changing on evaluation_results;
create policy readers on evaluation_results as restrictive to xuncha_app using (
    current_setting('app.role') = any ('{OFF,DIR,LG,UNIT,HEAD,DISC,ORG,DEPT,CITY,PROV}'));
create policy publishing on evaluation_results as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));

-- Second rectification (二次整改): what a unit of a low grade has to do by when.
create table second_rectifications (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    id            uuid not null,
    evaluation_id uuid not null,
    unit_id       uuid not null,
    state         text not null constraint second_rectifications_state check (state in
        ('ordered', 'reported', 'returned', 'confirmed', 'replaced')),
    grade         text not null,
    text          text not null,               -- what is asked
    items         uuid[] not null,
    due_on        date not null,
    ordered_name  text not null,
    ordered_at    timestamptz not null,
    report        text not null default '',    -- what the unit did
    reported_name text not null default '',
    reported_at   timestamptz,
    note          text not null default '',    -- to the report, when it was confirmed or came back
    decided_name  text not null default '',
    decided_at    timestamptz,
    version       int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, evaluation_id),
    foreign key (tenant_id, evaluation_id) references evaluations on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
create index second_rectifications_unit on second_rectifications (tenant_id, unit_id);
call sec.guard('second_rectifications', unit => 'unit_id');
create policy readers on second_rectifications as restrictive to xuncha_app using (
    current_setting('app.role') = any ('{OFF,DIR,LG,UNIT,HEAD,DISC,ORG,DEPT,CITY,PROV}'));
create policy ordering on second_rectifications as restrictive for insert to xuncha_app with check (
    current_setting('app.role') = any ('{OFF,DIR}'));
create policy reported_by_unit on second_rectifications as restrictive for update to xuncha_app with check (
    current_setting('app.unit') = '' or state = 'reported');

-- +goose StatementBegin
-- What people present on site said in confirmed visits to the unit's items of a round, as sums: who scores may
-- not read the visits themselves.
create function sec.votes(unit uuid, round uuid, until timestamptz, out content int, out fair int, out discontent int)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(sum(v.content), 0)::int, coalesce(sum(v.fair), 0)::int, coalesce(sum(v.discontent), 0)::int
    from check_visits v
    where v.tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = ''
      and v.unit_id = unit and v.round_id = round and v.state = 'confirmed' and v.confirmed_at <= until
$$;
-- +goose StatementEnd
grant select on check_visits to xuncha_sec;
grant execute on function sec.votes(uuid, uuid, timestamptz) to xuncha_app;
alter function sec.votes(uuid, uuid, timestamptz) owner to xuncha_sec;

-- +goose Down
drop function sec.votes(uuid, uuid, timestamptz);
drop table second_rectifications, evaluation_results, evaluation_snapshots, evaluation_sheets, evaluations;
drop function sec.cards();
drop table score_cards;
