-- The logins and roles of a cluster, for a superuser to run once (xuncha does so itself on its
-- private PostgreSQL). Safe to run again. Passwords are the operator's to set:
--   alter role xuncha_app password '…';
-- None of the logins owns a table except xuncha_owner, which only runs migrations and owns the database
-- (create database xuncha owner xuncha_owner). None of the others inherits: a role that inherits also
-- inherits the other's policies.
do $$
declare
    r text;
begin
    foreach r in array array['xuncha_app', 'xuncha_jobs', 'xuncha_public', 'xuncha_intake'] loop
        if not exists (select from pg_roles where rolname = r) then
            execute format('create role %I login noinherit', r);
        end if;
        -- What is asked for is in memory or on a drive without arms. PostgreSQL's default fears jumping, and
        -- rather reads and sorts a whole ledger than follow the index to its first fifty rows.
        execute format('alter role %I set random_page_cost = 1.1', r);
        -- Under row security what varies most, the scope, is never a value that the planner sees, and it takes every
        -- office for a handful of rows. A plan made for the values at hand costs planning each time and guesses worse.
        execute format('alter role %I set plan_cache_mode = force_generic_plan', r);
    end loop;
    if not exists (select from pg_roles where rolname = 'xuncha_owner') then
        create role xuncha_owner login;
    end if;
    -- Owns the functions of schema sec, the only ones that run past row security. Nobody logs in as it.
    if not exists (select from pg_roles where rolname = 'xuncha_sec') then
        create role xuncha_sec nologin noinherit bypassrls;
    end if;
end
$$;
grant xuncha_sec to xuncha_owner;
