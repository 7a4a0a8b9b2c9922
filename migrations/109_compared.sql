-- +goose Up
-- An office compares those below it with all of the province, too, and what a city handles as one arrives as one
-- with the province that it is passed to.

-- How the lowest offices of the whole tree do that the reader's office belongs to: one sum, no office's own. Where it
-- adds fewer than three that the reader cannot count himself, it would tell how those stand, and so says nothing.
grant select on rollup_months, rollup_deltas to xuncha_sec;
-- +goose StatementBegin
create function sec.whole_on_time(today date, running text[]) returns table (offices int, on_time int, due int)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with mine as (
        select lo, hi from tenants where id = current_setting('app.tenant')::int and current_setting('app.unit') = ''),
    lowest as (
        select t.id, not t.id between m.lo and m.hi as others
        from mine m join tenants w on w.parent is null and m.lo between w.lo and w.hi
        join tenants t on t.id between w.lo and w.hi
        where not exists (select from tenants c where c.parent = t.id)),
    counted as (
        select l.others,
            coalesce(sum(c.n) filter (where c.state = 'closed' and not c.late), 0) as on_time,
            coalesce(sum(c.n) filter (where c.state = 'closed' or c.state = any(running) and c.due_on < today), 0) as due
        from lowest l join (
            select m.tenant_id, m.state, m.due_on, m.late, m.n from rollup_months m
            union all
            select d.tenant_id, d.state, d.due_on, d.late, d.n from rollup_deltas d where d.month is not null) c on c.tenant_id = l.id
        group by l.id, l.others having sum(c.n) > 0)
    select count(*)::int, sum(c.on_time)::int, sum(c.due)::int from counted c
    having count(*) > 0 and count(*) filter (where c.others) not between 1 and 2
$$;
-- +goose StatementEnd
revoke execute on function sec.whole_on_time(date, text[]) from public;
grant execute on function sec.whole_on_time(date, text[]) to xuncha_app, xuncha_jobs;
alter function sec.whole_on_time(date, text[]) owner to xuncha_sec;

-- When the ledgers last changed of those offices of the reader's reach that count nothing: what they had was
-- withdrawn, and is hidden. Of one that never had a ledger there is nothing to say.
grant select on rollups to xuncha_sec;
-- +goose StatementBegin
create function sec.ledgers_updated() returns table (tenant_id int, updated_on date)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select t.id, (r.at at time zone 'Asia/Shanghai')::date
    from tenants t, lateral (
        select max(r.changed_at) as at from rectifications r where r.tenant_id = t.id and r.issued_at is not null) r
    where t.id between current_setting('app.lo')::int and current_setting('app.hi')::int and current_setting('app.unit') = ''
      and r.at is not null and not exists (select from rollups u where u.tenant_id = t.id)
$$;
-- +goose StatementEnd
revoke execute on function sec.ledgers_updated() from public;
grant execute on function sec.ledgers_updated() to xuncha_app, xuncha_jobs;
alter function sec.ledgers_updated() owner to xuncha_sec;

-- +goose StatementBegin
-- What an office passes up it goes on handling as one with the others (并案), and so does the office above from now on.
create function sec.pass_merged() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into merged_matters (tenant_id, merge_id, raiser, escalation_id, merged_at, merged_by)
    select new.holder, a.merge_id, a.raiser, a.escalation_id, new.changed_at, new.changed_by
    from merged_matters a
    where a.tenant_id = old.holder and a.raiser = new.tenant_id and a.escalation_id = new.id and a.left_at is null
    on conflict (tenant_id, merge_id, raiser, escalation_id)
    do update set merged_at = excluded.merged_at, merged_by = excluded.merged_by, left_at = null, left_by = '';
    return null;
end
$$;
-- +goose StatementEnd
revoke execute on function sec.pass_merged() from public;
grant select, insert, update on merged_matters to xuncha_sec;
alter function sec.pass_merged() owner to xuncha_sec;
create trigger pass_merged after update of holder on escalations for each row
    when (new.state = 'raised' and new.holder <> old.holder) execute function sec.pass_merged();

-- +goose Down
drop trigger pass_merged on escalations;
drop function sec.pass_merged();
revoke select, insert, update on merged_matters from xuncha_sec;
drop function sec.ledgers_updated();
revoke select on rollups from xuncha_sec;
drop function sec.whole_on_time(date, text[]);
revoke select on rollup_months, rollup_deltas from xuncha_sec;
