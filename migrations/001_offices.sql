-- +goose Up
-- Offices, the people who act in them, and the rules that every later table follows.
create extension if not exists btree_gist;

create schema sec;
grant usage on schema sec to public;
grant usage, create on schema sec to xuncha_sec;
revoke create on schema public from public;
grant usage on schema public to xuncha_app, xuncha_jobs, xuncha_public, xuncha_intake, xuncha_sec;
alter default privileges revoke execute on functions from public;

-- +goose StatementBegin
-- The office on whose behalf this transaction works. Raises when no scope was set: after a
-- transaction that had one the setting is '', and ''::int raises too.
create function current_tenant() returns int
    language sql stable
    return current_setting('app.tenant')::int;
-- +goose StatementEnd
grant execute on function current_tenant() to public;

-- The tree of offices. id is a routing number, assigned depth-first with room to grow: the offices
-- below one have numbers in its span lo..hi. People and other systems see uid or slug.
create table tenants (
    id       int primary key,
    uid      uuid not null unique default gen_random_uuid(),
    parent   int references tenants on update cascade,
    level    text not null check (level in ('province', 'city', 'county')),
    code     text not null unique check (code ~ '^[0-9]{6}$'), -- GB/T 2260
    org_code text not null unique,                              -- the portal's organisation code
    slug     text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
    name     text not null,                                     -- 青榆县
    office   text not null,                                     -- 中共青榆县委巡察工作领导小组办公室
    short    text not null,                                     -- 青榆县委巡察办
    prefix   text not null check (prefix ~ '^[A-Z]{1,6}$'),     -- begins business numbers: QY
    phone    text not null default '',
    lo       int not null,
    hi       int not null,
    span     int4range generated always as (int4range(lo, hi, '[]')) stored,
    check (id = lo and lo <= hi),
    check ((parent is null) = (level = 'province')),
    exclude using gist (level with =, span with &&)
);

-- +goose StatementBegin
create function sec.nested() returns trigger
    language plpgsql as $$
begin
    if new.parent is not null and not exists (
        select from tenants p where p.id = new.parent and p.lo < new.lo and new.hi <= p.hi) then
        raise exception 'span %..% of % lies outside its parent', new.lo, new.hi, new.slug;
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create trigger nested before insert or update of lo, hi, parent on tenants
    for each row execute function sec.nested();
grant select on tenants to xuncha_app, xuncha_jobs, xuncha_public, xuncha_intake, xuncha_sec;

-- +goose StatementBegin
-- guard gives a table the row security that all tables of an office share:
--   reading   the rows of the scope's reach lo..hi; of other offices only those issued, if drafts;
--   writing   the rows of the scope's own office;
--   own unit  for people of an inspected unit, only the rows of that unit, if unit names its column.
-- Nobody deletes. A table that needs another rule adds a restrictive policy on top.
create procedure sec.guard(tab regclass, drafts boolean default false, unit text default null)
    language plpgsql as $$
begin
    execute format('alter table %s enable row level security', tab);
    execute format('alter table %s force row level security', tab);
    execute format($p$create policy reach on %s for select to xuncha_app, xuncha_jobs using (
        tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int %s)$p$,
        tab, case when drafts then $d$and (issued_at is not null or tenant_id = current_setting('app.tenant')::int)$d$ end);
    execute format($p$create policy adding on %s for insert to xuncha_app, xuncha_jobs
        with check (tenant_id = current_setting('app.tenant')::int)$p$, tab);
    execute format($p$create policy changing on %s for update to xuncha_app, xuncha_jobs
        using (tenant_id = current_setting('app.tenant')::int)
        with check (tenant_id = current_setting('app.tenant')::int)$p$, tab);
    if unit is not null then
        execute format($p$create policy own_unit on %s as restrictive to xuncha_app using (
            current_setting('app.unit') = '' or %I = nullif(current_setting('app.unit'), '')::uuid)$p$, tab, unit);
    end if;
    execute format('grant select, insert, update on %s to xuncha_app, xuncha_jobs', tab);
end
$$;
-- +goose StatementEnd

-- What an office inspects (巡察对象). Here and not in a later file because people belong to units.
create table units (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    name       text not null,              -- 县水务局党组
    short      text not null default '',
    kind       text not null default 'department'
        check (kind in ('department', 'township', 'enterprise', 'institution', 'village')),
    sector     text not null default '',   -- 水利, 教育: what linked rectification matches by
    inspected  boolean not null default false, -- covered in this term (已巡)
    ended_on   date,
    version    int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, name)
);
call sec.guard('units', unit => 'id');

-- A person's membership in an office. A pending member signed on and has no rights yet.
create table members (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    person_id  uuid,                       -- sec.people; null until the person signs on
    name       text not null,
    post       text not null default '',   -- 单位职务
    email      text not null default '',
    phone      text not null default '',
    state      text not null default 'pending' check (state in ('pending', 'active', 'held', 'ended')),
    asked_at   timestamptz not null default now(),
    version    int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, person_id)
);
call sec.guard('members');

-- An authorisation (授权): in which role a member may act, for which unit or round, and when.
create table grants (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    member_id  uuid not null,
    role       text not null
        constraint grants_role check (role in ('OFF', 'DIR', 'LDR', 'VLD', 'MEM', 'LG', 'UNIT', 'HEAD',
            'DISC', 'ORG', 'DEPT', 'CITY', 'PROV', 'ADM', 'PLAT')),
    unit_id    uuid,
    round_id   uuid,
    from_on    date not null,
    until_on   date,                       -- last day; null while the post is held
    reason     text not null default '',
    granted_by text not null default '',
    version    int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, member_id) references members on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    check ((role in ('UNIT', 'HEAD')) = (unit_id is not null))
);
create index grants_member on grants (tenant_id, member_id);
call sec.guard('grants');

-- Tenant policy (periods, ladders, parties, formulas): one document per version, newest counts.
-- An office without one uses the nearest above, and at the top the shipped default.
create table policies (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    version    int not null,
    body       jsonb not null,
    reason     text not null default '',
    made_at    timestamptz not null default now(),
    primary key (tenant_id, version)
);
call sec.guard('policies');

-- Business numbers: the last one used per series (澜巡办通〔2026〕). Taken under the row's lock, so
-- a number is given out exactly once and none is skipped by a rollback.
create table numbers (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    series     text not null,
    last       int not null,
    primary key (tenant_id, series)
);
call sec.guard('numbers');

-- What a repeated request is answered with. Written in the transaction of the effect.
create table answers (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    actor       uuid not null,
    key         text not null check (length(key) between 1 and 200),
    fingerprint bytea not null,
    answer      jsonb,
    at          timestamptz not null default now(),
    primary key (tenant_id, actor, key)
);
call sec.guard('answers');
create policy own_answers on answers as restrictive to xuncha_app
    using (actor = nullif(current_setting('app.member'), '')::uuid);

-- +goose Down
drop table answers, numbers, policies, grants, members, units, tenants cascade;
drop schema sec cascade;
drop function current_tenant();
