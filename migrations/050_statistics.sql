-- +goose Up
-- Roll-ups: how many cases of an inspection's findings an office has, by unit, focus, state, due day and whether they were closed
-- late. Overdue is a question about today and due_on, so it is asked of these rows and never stored.
--
-- A statement that changes cases appends what it changed to rollup_deltas, and so writers share no row.
-- A job folds the deltas into rollups now and then. What counts is always the sum of both.
create table rollups (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    unit_id   uuid not null,
    focus     int not null,
    state     text not null,
    due_on    date not null,              -- infinity: none, or no matter any more
    late      boolean not null,           -- closed after its day
    n         int not null,
    primary key (tenant_id, unit_id, focus, state, due_on, late)
);
create table rollup_deltas (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    seq       bigint generated always as identity,
    unit_id   uuid not null,
    focus     int not null,
    state     text not null,
    due_on    date not null,
    late      boolean not null,
    n         int not null,
    primary key (tenant_id, seq)
);

-- +goose StatementBegin
do $$
declare
    tab regclass;
begin
    foreach tab in array array['rollups', 'rollup_deltas']::regclass[] loop
        execute format('alter table %s enable row level security', tab);
        execute format('alter table %s force row level security', tab);
        execute format($p$create policy reach on %s for select to xuncha_app, xuncha_jobs using (
            tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int)$p$, tab);
        execute format($p$create policy own_unit on %s as restrictive to xuncha_app using (
            current_setting('app.unit') = '' or unit_id = nullif(current_setting('app.unit'), '')::uuid)$p$, tab);
        execute format($p$create policy adding on %s for insert to xuncha_jobs with check (
            tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int)$p$, tab);
        execute format($p$create policy folding on %s for delete to xuncha_jobs using (
            tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int)$p$, tab);
        execute format('grant select on %s to xuncha_app, xuncha_jobs', tab);
        execute format('grant insert, delete on %s to xuncha_jobs', tab);
    end loop;
end
$$;
-- +goose StatementEnd
create policy changing on rollups for update to xuncha_jobs
    using (tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int)
    with check (tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
grant update on rollups to xuncha_jobs;

-- How a case counts: the day while its clock may run, whether it was late once it is closed.
-- +goose StatementBegin
create function sec.due_bucket(state text, due_on date) returns date
    language sql immutable
    return case when state = 'closed' then 'infinity' else coalesce(due_on, 'infinity') end;
-- +goose StatementEnd
-- +goose StatementBegin
create function sec.closed_late(state text, due_on date, closed_on date) returns boolean
    language sql immutable
    return state = 'closed' and coalesce(closed_on > due_on, false);
-- +goose StatementEnd
grant execute on function sec.due_bucket(text, date), sec.closed_late(text, date, date) to xuncha_app, xuncha_jobs, xuncha_sec;

-- +goose StatementBegin
-- Appends what a statement changed. It runs past row security so that no login can write a count itself.
-- Old and new rows are paired and counted in the new row's office: when an office is renumbered, its
-- roll-ups move with it and nothing is counted.
create function sec.count_cases() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if tg_op = 'INSERT' then
        insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, n)
        select r.tenant_id, r.unit_id, f.focus, r.state, sec.due_bucket(r.state, r.due_on),
            sec.closed_late(r.state, r.due_on, r.closed_on), count(*)
        from new_rows r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id and f.origin = 'patrol'
        where r.issued_at is not null and r.withdrawn_at is null
        group by 1, 2, 3, 4, 5, 6;
    else
        insert into rollup_deltas (tenant_id, unit_id, focus, state, due_on, late, n)
        select c.tenant_id, c.unit_id, f.focus, c.state, sec.due_bucket(c.state, c.due_on),
            sec.closed_late(c.state, c.due_on, c.closed_on), sum(c.n)
        from (
            select r.tenant_id, r.finding_id, r.unit_id, r.state, r.due_on, r.closed_on, 1 as n
            from new_rows r where r.issued_at is not null and r.withdrawn_at is null
            union all
            select r.tenant_id, r.finding_id, o.unit_id, o.state, o.due_on, o.closed_on, -1
            from old_rows o join new_rows r on r.finding_id = o.finding_id
            where o.issued_at is not null and o.withdrawn_at is null
        ) c join findings f on f.tenant_id = c.tenant_id and f.id = c.finding_id and f.origin = 'patrol'
        group by 1, 2, 3, 4, 5, 6 having sum(c.n) <> 0;
    end if;
    return null;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The same for findings whose focus was corrected.
create function sec.count_focuses() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
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
revoke execute on function sec.count_cases(), sec.count_focuses() from public;
grant select on findings, rectifications to xuncha_sec;
grant insert on rollup_deltas to xuncha_sec;
alter function sec.count_cases() owner to xuncha_sec;
alter function sec.count_focuses() owner to xuncha_sec;

create trigger count_new after insert on rectifications
    referencing new table as new_rows for each statement execute function sec.count_cases();
create trigger count_changed after update on rectifications
    referencing old table as old_rows new table as new_rows for each statement execute function sec.count_cases();
create trigger count_focuses after update on findings
    referencing old table as old_rows new table as new_rows for each statement execute function sec.count_focuses();

-- +goose Down
drop trigger count_focuses on findings;
drop trigger count_new on rectifications;
drop trigger count_changed on rectifications;
drop function sec.count_cases(), sec.count_focuses(), sec.due_bucket(text, date), sec.closed_late(text, date, date);
drop table rollups, rollup_deltas;
