-- +goose Up
-- Roll-ups know which cases are in doubt (存疑待核), and how an office stood at the end of every month.
--
-- A difference says in which month it came about. What an office had at the end of a month is the sum of
-- all differences until then: nothing is copied at midnight, and a job that is late changes no number.
alter table rollups add column doubt boolean not null default false;
alter table rollups drop constraint rollups_pkey;
alter table rollups add primary key (tenant_id, unit_id, focus, state, due_on, late, doubt);
alter table rollup_deltas
    add column doubt boolean not null default false,
    add column month date;                -- its first day; null: this migration has counted it
create table rollup_months (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    month     date not null check (extract(day from month) = 1),
    state     text not null,
    due_on    date not null,
    late      boolean not null,
    n         int not null,               -- how many more there were than at the end of the month before
    primary key (tenant_id, month, state, due_on, late)
);
alter table rollup_months enable row level security;
alter table rollup_months force row level security;
create policy reach on rollup_months for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy not_unit on rollup_months as restrictive to xuncha_app using (current_setting('app.unit') = '');
create policy adding on rollup_months for insert to xuncha_jobs with check (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy changing on rollup_months for update to xuncha_jobs
    using (tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int)
    with check (tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy folding on rollup_months for delete to xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
grant select on rollup_months to xuncha_app, xuncha_jobs;
grant insert, update, delete on rollup_months to xuncha_jobs;

-- Who has not yet signed for a notice, for the offices above.
create index deliveries_waiting on deliveries (tenant_id) where state = 'delivered';

-- +goose StatementBegin
create function sec.month_of(at timestamptz) returns date
    language sql immutable
    return date_trunc('month', at at time zone 'Asia/Shanghai')::date;
-- +goose StatementEnd
-- +goose StatementBegin
-- What a case that was not known before counts for: since when it is closed, or stands as it does. Until
-- then, from the month of its feedback on, it was being worked on. So a ledger that is taken over has its
-- months, too.
create function sec.counted_since(now_state text, due date, closed_on date, issued_at timestamptz, changed_at timestamptz)
    returns table (month date, state text, due_on date, late boolean, n int)
    language sql immutable
begin atomic
    select v.month, v.state, sec.due_bucket(v.state, due), v.state = now_state and sec.closed_late(now_state, due, closed_on), v.n
    from (
        select sec.month_of(issued_at) as issued, greatest(sec.month_of(issued_at), case
            when now_state in ('open', 'working') then null
            when now_state = 'closed' then date_trunc('month', closed_on::timestamp)::date
            else sec.month_of(changed_at) end) as since
    ) m, lateral (values (m.since, now_state, 1, true), (m.issued, 'working', 1, m.since > m.issued), (m.since, 'working', -1, m.since > m.issued)
    ) v (month, state, n, counts)
    where v.counts;
end;
-- +goose StatementEnd
grant execute on function sec.month_of(timestamptz), sec.counted_since(text, date, date, timestamptz, timestamptz)
    to xuncha_app, xuncha_jobs, xuncha_sec;

-- +goose StatementBegin
create or replace function sec.count_case() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, doubt, month, n)
        select new.tenant_id, new.unit_id, f.focus, c.state, c.due_on, c.late, 'doubt' = any(new.flags), c.month, c.n
        from findings f, sec.counted_since(new.state, new.due_on, new.closed_on, new.issued_at, new.changed_at) c
        where f.tenant_id = new.tenant_id and f.id = new.finding_id and f.origin = 'patrol';
        return null;
    end if;
    insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, doubt, month, n)
    select new.tenant_id, c.unit_id, f.focus, c.state, sec.due_bucket(c.state, c.due_on),
        sec.closed_late(c.state, c.due_on, c.closed_on), 'doubt' = any(c.flags),
        sec.month_of(greatest(new.changed_at, new.issued_at, new.withdrawn_at, old.withdrawn_at)), c.n
    from findings f, (values
        (old.unit_id, old.state, old.due_on, old.closed_on, old.flags, old.issued_at, old.withdrawn_at, -1),
        (new.unit_id, new.state, new.due_on, new.closed_on, new.flags, new.issued_at, new.withdrawn_at, 1)
    ) c (unit_id, state, due_on, closed_on, flags, issued_at, withdrawn_at, n)
    where f.tenant_id = new.tenant_id and f.id = new.finding_id and f.origin = 'patrol'
      and c.issued_at is not null and c.withdrawn_at is null;
    return null;
end
$$;
-- +goose StatementEnd
drop trigger count_changed on rectifications;
create trigger count_changed after update on rectifications
    for each row when (
        (old.unit_id, old.state, old.due_on, old.closed_on, 'doubt' = any(old.flags), old.issued_at is null, old.withdrawn_at is null)
        is distinct from
        (new.unit_id, new.state, new.due_on, new.closed_on, 'doubt' = any(new.flags), new.issued_at is null, new.withdrawn_at is null))
    execute function sec.count_case();

-- +goose StatementBegin
-- A corrected focus changes no month: in each the two differences make nothing.
create or replace function sec.count_focuses() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, doubt, month, n)
    select r.tenant_id, r.unit_id, c.focus, r.state, sec.due_bucket(r.state, r.due_on),
        sec.closed_late(r.state, r.due_on, r.closed_on), 'doubt' = any(r.flags), sec.month_of(r.issued_at), sum(c.n)
    from (
        select n.tenant_id, n.id, v.focus, v.n
        from old_rows o join new_rows n on n.id = o.id and n.focus <> o.focus and n.origin = 'patrol',
            lateral (values (n.focus, 1), (o.focus, -1)) v (focus, n)
    ) c join rectifications r on r.tenant_id = c.tenant_id and r.finding_id = c.id
    where r.issued_at is not null and r.withdrawn_at is null
    group by 1, 2, 3, 4, 5, 6, 7, 8;
    return null;
end
$$;
-- +goose StatementEnd

-- What was counted until now.
grant insert on rollup_months to xuncha_sec;
set role xuncha_sec;
insert into rollup_months (tenant_id, month, state, due_on, late, n)
select r.tenant_id, c.month, c.state, c.due_on, c.late, sum(c.n)
from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id and f.origin = 'patrol',
    sec.counted_since(r.state, r.due_on, r.closed_on, r.issued_at, r.changed_at) c
where r.issued_at is not null and r.withdrawn_at is null
group by 1, 2, 3, 4, 5 having sum(c.n) <> 0;
insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, doubt, n)
select r.tenant_id, r.unit_id, f.focus, r.state, sec.due_bucket(r.state, r.due_on),
    sec.closed_late(r.state, r.due_on, r.closed_on), v.doubt, sum(v.n)
from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id and f.origin = 'patrol',
    (values (true, 1), (false, -1)) v (doubt, n)
where r.issued_at is not null and r.withdrawn_at is null and 'doubt' = any(r.flags)
group by 1, 2, 3, 4, 5, 6, 7;
reset role;
revoke insert on rollup_months from xuncha_sec;

-- +goose Down
drop index deliveries_waiting;
drop trigger count_changed on rectifications;
-- +goose StatementBegin
create or replace function sec.count_case() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, n)
    select new.tenant_id, c.unit_id, f.focus, c.state, sec.due_bucket(c.state, c.due_on),
        sec.closed_late(c.state, c.due_on, c.closed_on), c.n
    from findings f, (values
        (old.unit_id, old.state, old.due_on, old.closed_on, old.issued_at, old.withdrawn_at, -1),
        (new.unit_id, new.state, new.due_on, new.closed_on, new.issued_at, new.withdrawn_at, 1)
    ) c (unit_id, state, due_on, closed_on, issued_at, withdrawn_at, n)
    where f.tenant_id = new.tenant_id and f.id = new.finding_id and f.origin = 'patrol'
      and c.issued_at is not null and c.withdrawn_at is null;
    return null;
end
$$;
-- +goose StatementEnd
create trigger count_changed after update on rectifications
    for each row when (
        (old.unit_id, old.state, old.due_on, old.closed_on, old.issued_at is null, old.withdrawn_at is null)
        is distinct from
        (new.unit_id, new.state, new.due_on, new.closed_on, new.issued_at is null, new.withdrawn_at is null))
    execute function sec.count_case();
-- +goose StatementBegin
create or replace function sec.count_focuses() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, n)
    select r.tenant_id, r.unit_id, c.focus, r.state, sec.due_bucket(r.state, r.due_on),
        sec.closed_late(r.state, r.due_on, r.closed_on), sum(c.n)
    from (
        select n.tenant_id, n.id, v.focus, v.n
        from old_rows o join new_rows n on n.id = o.id and n.focus <> o.focus and n.origin = 'patrol',
            lateral (values (n.focus, 1), (o.focus, -1)) v (focus, n)
    ) c join rectifications r on r.tenant_id = c.tenant_id and r.finding_id = c.id
    where r.issued_at is not null and r.withdrawn_at is null
    group by 1, 2, 3, 4, 5, 6;
    return null;
end
$$;
-- +goose StatementEnd
drop function sec.counted_since(text, date, date, timestamptz, timestamptz), sec.month_of(timestamptz);
drop table rollup_months;
alter table rollup_deltas drop column month, drop column doubt;
alter table rollups no force row level security;
create temporary table merged as
    select tenant_id, unit_id, focus, state, due_on, late, sum(n)::int as n from rollups group by 1, 2, 3, 4, 5, 6;
truncate rollups;
alter table rollups drop constraint rollups_pkey;
alter table rollups drop column doubt;
alter table rollups add primary key (tenant_id, unit_id, focus, state, due_on, late);
insert into rollups select * from merged;
drop table merged;
alter table rollups force row level security;
