-- +goose Up
-- +goose StatementBegin
-- The policies that bear on the office that works, its own last: each lower one overrides.
create function sec.policies() returns table (version int, body jsonb)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select distinct on (t.lo, t.hi) p.version, p.body
    from tenants t join policies p on p.tenant_id = t.id
    where current_setting('app.tenant')::int between t.lo and t.hi
    order by t.lo, t.hi desc, p.version desc
$$;
-- +goose StatementEnd
grant select on policies to xuncha_sec;
grant execute on function sec.policies() to xuncha_app, xuncha_jobs;
alter function sec.policies() owner to xuncha_sec;

-- +goose Down
drop function sec.policies();
