-- +goose Up
-- The two reports that a unit owes (整改进展情况报告、主要负责人组织整改情况报告), by round, kind and period: the
-- first at the end of the concentrated period, then one every so many months while findings are open. Content
-- and digest are set with the first signature and stay for good: what came back is answered by a new edition.
create table reports (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    round_id     uuid not null,
    unit_id      uuid not null,
    kind         text not null constraint reports_kind check (kind in ('progress', 'head')),
    period       int not null check (period between 1 and 1000),
    edition      int not null check (edition between 1 and 1000),
    due_on       date not null,
    due_provisional boolean not null,          -- the working days of that year are not published yet
    state        text not null constraint reports_state check (state in
        ('drafting', 'signed', 'filed', 'reviewing', 'returned', 'approved')),
    overall      text not null default '',     -- 总体情况
    next_steps   text not null default '',     -- 下步打算
    remarks      jsonb not null default '[]',  -- a sentence of the unit's to single findings
    reasons      text[] not null default '{}', -- why it came back
    content      json,                         -- what is signed
    digest       bytea,                        -- SM3 of content
    head_id      uuid,                         -- who signs for the unit
    head_name    text not null default '',
    head_at      timestamptz,
    leader_id    uuid,                         -- the leader in charge, who countersigns
    leader_name  text not null default '',
    leader_at    timestamptz,
    parties      text[] not null default '{}', -- who reviews, as the policy said then
    given        text[] not null default '{}', -- whose opinion is in; never what it says
    agreed       boolean,                      -- null until all opinions are in
    review_by    date,
    n            int not null default 0,
    letter       text not null default '',     -- why it came back, or a note to the approval
    decided_name text not null default '',
    decided_at   timestamptz,
    issued_at    timestamptz,                  -- when it was approved: from then on the levels above read it
    changed_name text not null,
    changed_at   timestamptz not null,
    version      int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, round_id, unit_id, kind, period, edition),
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    check ((content is null) = (digest is null) and (content is null) = (head_at is null)),
    check ((state = 'drafting') = (content is null)),
    check (kind = 'head' or leader_at is not null or state in ('drafting', 'signed', 'returned'))
);
create index reports_unit on reports (tenant_id, unit_id);
-- One edition at most is on its way or stands.
create unique index reports_open on reports (tenant_id, round_id, unit_id, kind, period) where state <> 'returned';
call sec.guard('reports', drafts => true, unit => 'unit_id');
-- A draft is the unit's own until its head has signed.
create policy own_draft on reports as restrictive for select to xuncha_app using (
    state <> 'drafting' or current_setting('app.unit') <> '');
-- A unit makes and signs its report, and never passes it.
create policy decided_by_office on reports as restrictive for update to xuncha_app with check (
    current_setting('app.unit') = '' or state in ('drafting', 'signed', 'filed'));

-- +goose StatementBegin
-- What was signed stays as it was signed, whoever asks.
create function sec.keep_signed() returns trigger
    language plpgsql as $$
begin
    if old.content is not null and (new.content::text is distinct from old.content::text
        or new.digest is distinct from old.digest or new.head_at is distinct from old.head_at) then
        raise exception 'what was signed does not change' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create trigger keep_signed before update of content, digest, head_at on reports
    for each row execute function sec.keep_signed();

-- What one party thinks of a report. Until all are in, a party sees its own alone; the unit and the levels
-- above never see any.
create table report_opinions (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    report_id uuid not null,
    n         int not null,
    party     text not null,
    verdict   text not null constraint report_opinions_verdict check (verdict in ('agree', 'amend', 'refuse')),
    reasons   text[] not null default '{}',
    note      text not null default '',
    by_id     uuid not null,
    by_name   text not null,
    at        timestamptz not null,
    revealed  boolean not null default false,
    primary key (tenant_id, report_id, n, party),
    foreign key (tenant_id, report_id) references reports on update cascade
);
call sec.guard('report_opinions');
revoke update on report_opinions from xuncha_app, xuncha_jobs;
drop policy changing on report_opinions;
create policy own_office on report_opinions as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');
create policy blind on report_opinions as restrictive for select to xuncha_app using (
    revealed or party = current_setting('app.role'));
create policy own_party on report_opinions as restrictive for insert to xuncha_app with check (
    not revealed and party = current_setting('app.role'));

-- An opinion on a plan may name reasons, too.
alter table plan_opinions add column reasons text[] not null default '{}';

-- What the unit's head did about the rectification (亲自部署、过问、协调、督办、批示), entered when it happened.
create table head_acts (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    round_id     uuid not null,
    unit_id      uuid not null,
    kind         text not null constraint head_acts_kind check (kind in
        ('arrange', 'inquire', 'coordinate', 'supervise', 'instruct')),
    done_on      date not null,
    subject      text not null,
    finding_id   uuid,                         -- null if it is about all of them
    by_name      text not null,
    at           timestamptz not null,
    withdrawn_at timestamptz,                  -- entered by mistake
    withdrawn_by text not null default '',
    primary key (tenant_id, id),
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade
);
create index head_acts_unit on head_acts (tenant_id, unit_id, round_id);
call sec.guard('head_acts', unit => 'unit_id');
-- The levels above read them in the report.
create policy own_office on head_acts as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int);

-- +goose StatementBegin
-- Opens the opinions on a plan or a report to each other if those of all its parties are in, and says whether
-- all agree: null while one is missing. It runs past row security because the last party does not see the
-- others' yet.
create function sec.reveal_paper(kind text, paper uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    office int := current_setting('app.tenant')::int;
    asked text[];
    nth int;
    missing boolean;
    agreed boolean;
begin
    if kind not in ('plan', 'report') then
        raise exception 'no paper is called %', kind;
    end if;
    execute format('select parties, n from %I where tenant_id = $1 and id = $2', kind || 's')
        into asked, nth using office, paper;
    execute format('select exists (select from unnest($3) party where party not in (
            select o.party from %I o where o.tenant_id = $1 and o.%I = $2 and o.n = $4))', kind || '_opinions', kind || '_id')
        into missing using office, paper, asked, nth;
    if missing or asked is null then
        return null;
    end if;
    execute format('with opened as (
            update %I o set revealed = true where o.tenant_id = $1 and o.%I = $2 and o.n = $3 returning verdict)
        select not exists (select from opened where verdict <> ''agree'')', kind || '_opinions', kind || '_id')
        into agreed using office, paper, nth;
    return agreed;
end
$$;
-- +goose StatementEnd
grant select on reports to xuncha_sec;
grant select, update on report_opinions to xuncha_sec;
grant execute on function sec.reveal_paper(text, uuid) to xuncha_app;
alter function sec.reveal_paper(text, uuid) owner to xuncha_sec;
drop function sec.reveal_plan(uuid);

-- +goose Down
drop function sec.reveal_paper(text, uuid);
drop table head_acts;
alter table plan_opinions drop column reasons;
drop table report_opinions;
drop table reports;
drop function sec.keep_signed();
-- +goose StatementBegin
create function sec.reveal_plan(plan uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    office int := current_setting('app.tenant')::int;
    p plans;
begin
    select * into p from plans where tenant_id = office and id = plan;
    if exists (
        select from unnest(p.parties) asked (role)
        where not exists (select from plan_opinions o
            where o.tenant_id = office and o.plan_id = plan and o.n = p.n and o.party = asked.role)) then
        return null;
    end if;
    update plan_opinions o set revealed = true where o.tenant_id = office and o.plan_id = plan and o.n = p.n;
    return not exists (select from plan_opinions o
        where o.tenant_id = office and o.plan_id = plan and o.n = p.n and o.verdict <> 'agree');
end
$$;
-- +goose StatementEnd
grant execute on function sec.reveal_plan(uuid) to xuncha_app;
alter function sec.reveal_plan(uuid) owner to xuncha_sec;
