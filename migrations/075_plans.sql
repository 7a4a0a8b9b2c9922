-- +goose Up
-- Plans of rectification (整改方案): what a unit promises about the findings of one round, in editions. What
-- was signed stays as it was signed: content and digest are set with the first signature and only a return
-- takes them away.
create table plans (
    tenant_id    int not null default current_tenant() references tenants on update cascade,
    id           uuid not null,
    round_id     uuid not null,
    unit_id      uuid not null,
    edition      int not null check (edition > 0),
    state        text not null constraint plans_state check (state in
        ('drafting', 'countersigning', 'reviewing', 'returned', 'effective', 'superseded')),
    organised    text not null default '',     -- 组织领导
    meeting_on   date,                         -- 整改专题民主生活会
    meeting_note text not null default '',
    refused      jsonb not null default '[]',  -- findings that the unit does not accept, and why
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
    review_calendar    text not null default '',
    review_provisional boolean not null default false,
    n            int not null default 0,       -- how often it was signed
    letter       text not null default '',     -- why it came back, or a note to the approval
    decided_name text not null default '',
    decided_at   timestamptz,
    issued_at    timestamptz,                  -- when it took effect: from then on the levels above read it
    changed_name text not null,
    changed_at   timestamptz not null,
    version      int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, round_id, unit_id, edition),
    foreign key (tenant_id, round_id) references rounds on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    check ((content is null) = (digest is null) and (content is null) = (head_at is null)),
    check (state in ('drafting', 'returned') = (content is null)),
    check (leader_at is not null or state in ('drafting', 'returned', 'countersigning'))
);
create index plans_unit on plans (tenant_id, unit_id);
-- One edition at most is being worked on.
create unique index plans_open on plans (tenant_id, round_id, unit_id) where state not in ('effective', 'superseded');
create unique index plans_effective on plans (tenant_id, round_id, unit_id) where state = 'effective';
call sec.guard('plans', drafts => true, unit => 'unit_id');
-- A unit makes and signs its plan, and never puts it into effect.
create policy decided_by_office on plans as restrictive for update to xuncha_app with check (
    current_setting('app.unit') = '' or state in ('drafting', 'countersigning', 'returned'));

-- What was signed and came back: the text, its digest and who stood under it. Nobody changes one.
create table plan_signings (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    plan_id     uuid not null,
    n           int not null,
    unit_id     uuid not null,
    content     json not null,
    digest      bytea not null,
    head_id     uuid not null,
    head_name   text not null,
    head_at     timestamptz not null,
    leader_id   uuid,                          -- null if the leader in charge sent it back
    leader_name text not null,
    leader_at   timestamptz,
    primary key (tenant_id, plan_id, n),
    foreign key (tenant_id, plan_id) references plans on update cascade
);
call sec.guard('plan_signings', unit => 'unit_id');
revoke update on plan_signings from xuncha_app, xuncha_jobs;
drop policy changing on plan_signings;
create policy own_office on plan_signings as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int);

-- What one party thinks of a plan. Until all are in, a party sees its own alone; the unit and the levels
-- above never see any.
create table plan_opinions (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    plan_id   uuid not null,
    n         int not null,
    party     text not null,
    verdict   text not null constraint plan_opinions_verdict check (verdict in ('agree', 'amend', 'refuse')),
    note      text not null default '',
    by_id     uuid not null,
    by_name   text not null,
    at        timestamptz not null,
    revealed  boolean not null default false,
    primary key (tenant_id, plan_id, n, party),
    foreign key (tenant_id, plan_id) references plans on update cascade
);
call sec.guard('plan_opinions');
revoke update on plan_opinions from xuncha_app, xuncha_jobs;
drop policy changing on plan_opinions;
create policy own_office on plan_opinions as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');
create policy blind on plan_opinions as restrictive for select to xuncha_app using (
    revealed or party = current_setting('app.role'));
create policy own_party on plan_opinions as restrictive for insert to xuncha_app with check (
    not revealed and party = current_setting('app.role'));

-- +goose StatementBegin
-- Opens the opinions on a plan to each other if those of all its parties are in, and says whether all agree:
-- null while one is missing. It runs past row security because the last party does not see the others' yet.
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
grant select on plans to xuncha_sec;
grant select, update on plan_opinions to xuncha_sec;
grant execute on function sec.reveal_plan(uuid) to xuncha_app;
alter function sec.reveal_plan(uuid) owner to xuncha_sec;

-- +goose Down
drop function sec.reveal_plan(uuid);
drop table plan_opinions, plan_signings;
drop table plans;
