-- +goose Up
-- Counting a change row by row: a case changes alone most of the time, and tables of old and new rows
-- cost more than the change itself. What cannot change a count is not looked at: when an office is
-- renumbered, its roll-ups move with it and nothing is counted.
drop trigger count_new on rectifications;
drop trigger count_changed on rectifications;
drop function sec.count_cases();

-- +goose StatementBegin
-- Appends what a row counted for until now, and counts for from now on. It runs past row security so that
-- no login can write a count itself.
create function sec.count_case() returns trigger
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
revoke execute on function sec.count_case() from public;
alter function sec.count_case() owner to xuncha_sec;

create trigger count_new after insert on rectifications
    for each row when (new.issued_at is not null and new.withdrawn_at is null)
    execute function sec.count_case();
create trigger count_changed after update on rectifications
    for each row when (
        (old.unit_id, old.state, old.due_on, old.closed_on, old.issued_at is null, old.withdrawn_at is null)
        is distinct from
        (new.unit_id, new.state, new.due_on, new.closed_on, new.issued_at is null, new.withdrawn_at is null))
    execute function sec.count_case();

-- +goose StatementBegin
-- As before, but an office that has a chain is not asked to begin one.
create or replace function sec.journal_head(office int, out seq bigint, out hash bytea)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if office <> current_setting('app.tenant')::int
        and office not between current_setting('app.lo')::int and current_setting('app.hi')::int then
        raise exception 'office % is out of reach', office using errcode = 'insufficient_privilege';
    end if;
    loop
        select h.seq, h.hash into seq, hash from journal_heads h where h.tenant_id = office for update;
        exit when found;
        insert into journal_heads values (office, 0, '\x') on conflict do nothing;
    end loop;
end
$$;
-- +goose StatementEnd

-- +goose Down
drop trigger count_new on rectifications;
drop trigger count_changed on rectifications;
drop function sec.count_case();

-- +goose StatementBegin
-- Appends what a statement changed. It runs past row security so that no login can write a count itself.
-- Old and new rows are paired and counted in the new row's office: when an office is renumbered, its
-- roll-ups move with it and nothing is counted.
create function sec.count_cases() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
revoke execute on function sec.count_cases() from public;
alter function sec.count_cases() owner to xuncha_sec;
create trigger count_new after insert on rectifications
    referencing new table as new_rows for each statement execute function sec.count_cases();
create trigger count_changed after update on rectifications
    referencing old table as old_rows new table as new_rows for each statement execute function sec.count_cases();

-- +goose StatementBegin
-- Takes the office's chain until the transaction ends and returns its last entry.
create or replace function sec.journal_head(office int, out seq bigint, out hash bytea)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if office <> current_setting('app.tenant')::int
        and office not between current_setting('app.lo')::int and current_setting('app.hi')::int then
        raise exception 'office % is out of reach', office using errcode = 'insufficient_privilege';
    end if;
    insert into journal_heads values (office, 0, '\x') on conflict do nothing;
    select h.seq, h.hash into seq, hash from journal_heads h where h.tenant_id = office for update;
end
$$;
-- +goose StatementEnd
