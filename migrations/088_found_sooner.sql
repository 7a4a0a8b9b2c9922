-- +goose Up
-- The scan of the reminders finds an item by the day before which no rung of its ladder comes, and
-- does not read what is not due. The day is a plain one: working days come in when the scan asks, so a
-- calendar that is published late changes nothing here.
alter table rectifications add column rung_on date default '-infinity'; -- nobody has looked yet; null: all rungs were climbed
create index rectifications_rung on rectifications (tenant_id, rung_on, finding_id) where state <> 'closed' and rung_on is not null;
-- The ladder by which the items of a round were put on days: where it changed, they are looked at again.
alter table rounds add column ladder jsonb;

-- +goose StatementBegin
create function look_at_ladder() returns trigger
    language plpgsql as $$
begin
    new.rung_on := '-infinity';
    return new;
end
$$;
-- +goose StatementEnd
create trigger ladder before update of due_on, due_version on rectifications for each row
    when (old.due_on is distinct from new.due_on or old.due_version <> new.due_version)
    execute function look_at_ladder();

-- +goose StatementBegin
-- The policies that count for the office at work, from the top down: its own and those of the offices
-- above it, each found by its key. PL/pgSQL plans it once for each connection, and not for each call.
create or replace function sec.policies() returns table (version int, body jsonb)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    return query
        with recursive above as (
            select t.id, t.parent, t.lo, t.hi from tenants t where t.id = current_setting('app.tenant')::int
            union all
            select t.id, t.parent, t.lo, t.hi from above a join tenants t on t.id = a.parent)
        select distinct on (a.lo, a.hi) p.version, p.body
        from above a join policies p on p.tenant_id = a.id
        order by a.lo, a.hi desc, p.version desc;
end
$$;
-- +goose StatementEnd


-- A text as searches compare it: in small letters, each letter, digit, mark and radical in the one form
-- that NFKC gives it (full width, ligatures, the radicals of PDFs, compatibility ideographs), without
-- what shows nothing (zero-width characters, variation selectors). Says the same as inspection.Folded.
create function folded(t text) returns text
    language sql immutable strict parallel safe
    return lower(regexp_replace(normalize(t, NFKC),
        '['
        || '\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u180B-\u180F\u200B-\u200F\u202A-\u202E'
        || '\u2060-\u2064\u2066-\u206F\uFE00-\uFE0F\uFEFF\uFFF9-\uFFFB'
        || '\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0001\U000E0020-\U000E007F\U000E0100-\U000E01EF]', '', 'g'));
grant execute on function folded(text) to xuncha_app, xuncha_jobs, xuncha_sec;
alter table findings drop column said;
alter table findings add column said text not null generated always as (folded(text || E'\n' || category)) stored;
alter table measures drop column said;
alter table measures
    add column said text not null generated always as (folded(text || E'\n' || leader || E'\n' || department)) stored,
    add column said_of_progress text not null generated always as (folded(progress)) stored;
alter table rectifications add column said_of_progress text not null generated always as (folded(progress)) stored;

-- +goose Down
alter table rectifications drop column said_of_progress;
alter table measures drop column said_of_progress, drop column said;
alter table measures add column said text not null
    generated always as (lower(text || E'\n' || leader || E'\n' || department)) stored;
alter table findings drop column said;
alter table findings add column said text not null generated always as (lower(text || E'\n' || category)) stored;
drop function folded(text);
-- +goose StatementBegin
create or replace function sec.policies() returns table (version int, body jsonb)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct on (t.lo, t.hi) p.version, p.body
    from tenants t join policies p on p.tenant_id = t.id
    where current_setting('app.tenant')::int between t.lo and t.hi
    order by t.lo, t.hi desc, p.version desc
$$;
-- +goose StatementEnd
drop trigger ladder on rectifications;
drop function look_at_ladder();
alter table rounds drop column ladder;
drop index rectifications_rung;
alter table rectifications drop column rung_on;
