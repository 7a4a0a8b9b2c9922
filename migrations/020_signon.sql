-- +goose Up
-- Sign-on: who people are to the portal, their sessions, and the keys of machines. No login of the
-- service has a right on the tables in sec; the functions below are the only door.

-- A person, named by the portal's iss and sub and by nothing else. The rest is what the portal last said.
create table sec.people (
    id       uuid primary key,
    iss      text not null,
    sub      text not null,
    name     text not null,
    org_code text not null,   -- '' until the portal says
    org_name text not null default '',
    post     text not null default '',
    unique (iss, sub)
);

-- A session keeps the digest of its token, never the token.
create table sec.sessions (
    id         uuid primary key,
    token      bytea not null unique,
    person_id  uuid not null references sec.people,
    tenant_id  int not null references tenants on update cascade, -- in whose journal its acts stand
    sid        text not null,             -- the portal's name for its own session; '' if it has none
    code       bytea not null,            -- digest of the code it came from
    device     text not null,             -- 浏览器与系统, for the list of sessions
    strong_at  timestamptz,               -- last proof with a second factor
    opened_at  timestamptz not null,
    seen_at    timestamptz not null,
    idle       interval not null,         -- how long it may rest
    ends_at    timestamptz not null,
    ended_at   timestamptz,
    ended_by   text check (ended_by in ('sign-out', 'portal', 'replaced', 'revoked', 'code-replayed')),
    check ((ended_at is null) = (ended_by is null))
);
create index sessions_person on sec.sessions (person_id, sid) where ended_at is null;
create index sessions_code on sec.sessions (code);
create index sessions_ends on sec.sessions (ends_at);

-- A sign-on on its way to the portal and back.
create table sec.sign_ins (
    state      bytea primary key,         -- digest
    browser    bytea not null,            -- digest of the cookie of the browser that started it
    nonce      text not null,
    verifier   text not null,
    return_to  text not null,
    session_id uuid references sec.sessions on delete cascade, -- a step-up of this session
    started_at timestamptz not null,      -- on the clock that the portal's tokens are measured by
    expires_at timestamptz not null
);
create index sign_ins_expires on sec.sign_ins (expires_at);
create index sign_ins_browser on sec.sign_ins (browser);

-- Logout tokens that were obeyed, until they could not be accepted again anyway.
create table sec.logout_tokens (
    iss   text not null,
    jti   text not null,
    until timestamptz not null,
    primary key (iss, jti)
);

grant select, insert, update, delete on sec.people, sec.sessions, sec.sign_ins, sec.logout_tokens to xuncha_sec;
grant select, insert, update on members to xuncha_sec;
grant select on units, grants to xuncha_sec;

-- What the portal says of a member now, where it differs from what the office confirmed.
alter table members add column portal_name text not null default '', add column portal_org text not null default '';

-- For what a person may be anywhere; every other question about members begins with their office.
create index members_person on members (person_id) where person_id is not null;

-- A machine's key for the API. It acts under a grant of a member made for it.
create table sec.machine_keys (
    id         uuid primary key,
    key        bytea not null unique,     -- digest
    tenant_id  int not null references tenants on update cascade,
    grant_id   uuid not null,
    name       text not null,
    made_by    text not null,
    made_at    timestamptz not null,
    ends_at    timestamptz not null,
    seen_at    timestamptz,
    revoked_at timestamptz,
    foreign key (tenant_id, grant_id) references grants on update cascade,
    check (made_at < ends_at)
);
create index machine_keys_tenant on sec.machine_keys (tenant_id);
grant select, insert, update on sec.machine_keys to xuncha_sec;

-- What a key opens at this moment. problem is '' where it opens what was asked, and null where nobody
-- has such a key.
create type sec.authority as (
    problem     text,
    session_id  uuid,
    person_id   uuid,
    person_name text,
    strong_at   timestamptz,
    member_id   uuid,
    member_name text,
    grant_id    uuid,
    role        text,
    unit_id     uuid,
    round_id    uuid,
    office      tenants
);

-- +goose StatementBegin
-- The session behind a token, noted as seen, at most once a minute. Read on every request: plpgsql
-- keeps the plans of its statements.
create function sec.session_read(key bytea, at timestamptz) returns sec.authority
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    s sec.sessions;
    a sec.authority;
begin
    select * into s from sec.sessions where token = key;
    a.problem := case
        when s.id is null then null
        when s.ended_at is not null or at >= s.ends_at or at - s.seen_at > s.idle then 'expired'
        else '' end;
    if a.problem is distinct from '' then
        return a;
    end if;
    a.session_id := s.id;
    a.person_id := s.person_id;
    a.strong_at := s.strong_at;
    select p.name into a.person_name from sec.people p where p.id = s.person_id;
    if at - s.seen_at >= interval '1 minute' then
        update sec.sessions set seen_at = at where id = s.id and seen_at < at;
    end if;
    return a;
end
$$;
-- +goose StatementEnd
alter function sec.session_read(bytea, timestamptz) owner to xuncha_sec;
grant execute on function sec.session_read(bytea, timestamptz) to xuncha_app;

-- +goose StatementBegin
-- What a session may do for an office, and under which of the member's grants. Every request asks this:
-- one statement does everything, because each expression of plpgsql is prepared anew per transaction,
-- and no function is called from within, because a fixed search path costs each time.
create function sec.acting(key bytea, office_slug text, identity uuid, at timestamptz, today date) returns sec.authority
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    a sec.authority;
    unseen boolean;
begin
    select case
            when s.ended_at is not null or at >= s.ends_at or at - s.seen_at > s.idle then 'expired'
            when m.state = 'active' and g.n = 1 then ''
            when m.state = 'active' and g.n > 1 then 'identity-required'
            when m.state = 'active' and identity is not null then 'identity-mismatch'
            when m.state = 'active' then 'no-grant'
            when m.state in ('pending', 'held') then m.state
            -- Somebody who is nobody any more is signed out; who is still somebody elsewhere finds nothing here.
            when exists (select from members o where o.person_id = s.person_id and o.state <> 'ended') then 'elsewhere'
            else 'ended' end,
        s.id, s.person_id, p.name, s.strong_at, m.id, m.name, g.id, g.role, g.unit_id, g.round_id, t,
        at - s.seen_at >= interval '1 minute'
    into a.problem, a.session_id, a.person_id, a.person_name, a.strong_at, a.member_id, a.member_name, a.grant_id, a.role,
        a.unit_id, a.round_id, a.office, unseen
    from sec.sessions s
    join sec.people p on p.id = s.person_id
    left join tenants t on t.slug = office_slug
    left join members m on m.tenant_id = t.id and m.person_id = s.person_id
    left join lateral (
        select count(*) over () as n, g.id, g.role, g.unit_id, g.round_id
        from grants g
        where g.tenant_id = m.tenant_id and g.member_id = m.id
          and g.from_on <= today and (g.until_on is null or today <= g.until_on)
          and (identity is null or g.id = identity)
        limit 1) g on true
    where s.token = key;
    if unseen and a.problem <> 'expired' then
        update sec.sessions set seen_at = at where id = a.session_id and seen_at < at;
    end if;
    return a;
end
$$;
-- +goose StatementEnd
alter function sec.acting(bytea, text, uuid, timestamptz, date) owner to xuncha_sec;
grant execute on function sec.acting(bytea, text, uuid, timestamptz, date) to xuncha_app;

-- +goose StatementBegin
-- The same for a machine's key, which opens one office under one grant.
create function sec.acting_machine(digest bytea, office_slug text, identity uuid, at timestamptz, today date) returns sec.authority
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    a sec.authority;
    unseen boolean;
begin
    select case
            when k.revoked_at is not null or at >= k.ends_at or m.id is null then 'key-invalid'
            when t.slug <> office_slug then 'elsewhere'
            when identity is not null and identity <> k.grant_id then 'identity-mismatch'
            else '' end,
        k.id, k.name, m.id, m.name, g.id, g.role, g.unit_id, g.round_id, t,
        k.seen_at is null or at - k.seen_at >= interval '1 minute'
    into a.problem, a.session_id, a.person_name, a.member_id, a.member_name, a.grant_id, a.role, a.unit_id, a.round_id,
        a.office, unseen
    from sec.machine_keys k
    join tenants t on t.id = k.tenant_id
    left join grants g on g.tenant_id = k.tenant_id and g.id = k.grant_id
        and g.from_on <= today and (g.until_on is null or today <= g.until_on)
    left join members m on m.tenant_id = g.tenant_id and m.id = g.member_id and m.state = 'active'
    where k.key = digest;
    if not found then
        a.problem := 'key-invalid';
    end if;
    if unseen and a.problem = '' then
        update sec.machine_keys set seen_at = at where id = a.session_id;
    end if;
    return a;
end
$$;
-- +goose StatementEnd
alter function sec.acting_machine(bytea, text, uuid, timestamptz, date) owner to xuncha_sec;
grant execute on function sec.acting_machine(bytea, text, uuid, timestamptz, date) to xuncha_app;

-- +goose StatementBegin
-- Everything a person may be: one row per membership, and per grant of an active one.
create function sec.identities(person uuid, today date)
    returns table (tenant_id int, member_id uuid, state text, member_name text, grant_id uuid, role text,
        unit_id uuid, unit_name text, round_id uuid, until_on date)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return query
        select m.tenant_id, m.id, m.state, m.name, g.id, g.role, g.unit_id, u.name, g.round_id, g.until_on
        from members m
        left join grants g on m.state = 'active' and g.tenant_id = m.tenant_id and g.member_id = m.id
            and g.from_on <= today and (g.until_on is null or today <= g.until_on)
        left join units u on u.tenant_id = g.tenant_id and u.id = g.unit_id
        where m.person_id = person and m.state <> 'ended'
        order by m.state = 'active' desc, g.id is not null desc, m.tenant_id, g.from_on, g.id;
end
$$;
-- +goose StatementEnd
alter function sec.identities(uuid, date) owner to xuncha_sec;
grant execute on function sec.identities(uuid, date) to xuncha_app;

-- +goose StatementBegin
-- Remembers a sign-on that leaves for the portal. One browser has at most 20 of them under way.
create function sec.sign_in_begin(state bytea, browser bytea, nonce text, verifier text, return_to text,
    session_id uuid, started_at timestamptz, at timestamptz, life interval) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from sec.sign_ins s where s.expires_at < at;
    delete from sec.logout_tokens l where l.until < at;
    delete from sec.sessions s where s.ends_at < at - interval '7 days';
    delete from sec.sign_ins s where s.browser = $2 and s.state not in (
        select o.state from sec.sign_ins o where o.browser = $2 order by o.expires_at desc limit 19);
    insert into sec.sign_ins values ($1, $2, $3, $4, $5, $6, $7, at + life);
end
$$;
-- +goose StatementEnd
alter function sec.sign_in_begin(bytea, bytea, text, text, text, uuid, timestamptz, timestamptz, interval) owner to xuncha_sec;
grant execute on function sec.sign_in_begin(bytea, bytea, text, text, text, uuid, timestamptz, timestamptz, interval) to xuncha_app;

-- +goose StatementBegin
-- Takes a sign-on that came back, once, and only for the browser that started it.
create function sec.sign_in_take(state bytea, browser bytea, at timestamptz) returns setof sec.sign_ins
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return query
        delete from sec.sign_ins s
        where s.state = $1 and s.browser = $2 and s.expires_at >= at
        returning s.*;
end
$$;
-- +goose StatementEnd
alter function sec.sign_in_take(bytea, bytea, timestamptz) owner to xuncha_sec;
grant execute on function sec.sign_in_take(bytea, bytea, timestamptz) to xuncha_app;

-- +goose StatementBegin
-- The office that a sign-on concerns, and in which capacity the person has most to do with it: where
-- the person acts, else where the person is held or waits, else the office of the organisation code.
create function sec.sign_on_office(iss text, sub text, org_code text, today date) returns sec.authority
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    a sec.authority;
    home int;
begin
    select p.id, p.name into a.person_id, a.person_name from sec.people p where p.iss = $1 and p.sub = $2;
    select i.tenant_id, i.state, i.member_id, i.member_name, i.grant_id, i.role, i.unit_id, i.round_id
    into home, a.problem, a.member_id, a.member_name, a.grant_id, a.role, a.unit_id, a.round_id
    from sec.identities(a.person_id, today) i limit 1;
    select t into a.office from tenants t where t.id = home or home is null and t.org_code = $3;
    return a;
end
$$;
-- +goose StatementEnd
alter function sec.sign_on_office(text, text, text, date) owner to xuncha_sec;
grant execute on function sec.sign_on_office(text, text, text, date) to xuncha_app;

-- +goose StatementBegin
-- Notes what the portal says of a person. Somebody who is nobody yet becomes a pending member of
-- the scope's office; somebody whose name or organisation changed is held wherever they may act, until
-- an officer confirms. Returns the person, what they are now (active, pending, held), and what is new
-- about it ('', asked, held).
create function sec.person_seen(new_person uuid, new_member uuid, iss text, sub text, name text,
    org_code text, org_name text, post text, at timestamptz, out person uuid, out member uuid, out outcome text, out news text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    p sec.people;
    changed boolean;
begin
    insert into sec.people as o (id, iss, sub, name, org_code) values (new_person, $3, $4, $5, $6)
    on conflict on constraint people_iss_sub_key do nothing;
    select * into p from sec.people o where o.iss = $3 and o.sub = $4 for update;
    person := p.id;
    news := '';
    changed := p.name <> $5 or (p.org_code <> '' and $6 <> '' and p.org_code <> $6);
    update sec.people o set name = $5, org_code = coalesce(nullif($6, ''), o.org_code), org_name = $7, post = $8
    where o.id = person and (o.name, o.org_code, o.org_name, o.post) is distinct from ($5, $6, $7, $8);
    if changed then
        update members m set portal_name = $5, portal_org = $7, version = m.version + 1,
            state = case m.state when 'active' then 'held' else m.state end
        where m.person_id = person and m.state <> 'ended';
        news := case when exists (select from members m where m.person_id = person and m.state = 'held') then 'held' else '' end;
    end if;
    select m.id, m.state into member, outcome from members m
    where m.person_id = person and m.state <> 'ended'
    order by m.state = 'held' desc, m.state = 'active' desc, m.tenant_id limit 1;
    if found then
        return;
    end if;
    outcome := 'pending';
    news := 'asked';
    insert into members as m (tenant_id, id, person_id, name, post, state, asked_at, portal_name, portal_org)
    values (current_tenant(), new_member, person, $5, $8, 'pending', at, $5, $7)
    on conflict on constraint members_tenant_id_person_id_key do update
        set state = 'pending', asked_at = at, portal_name = $5, portal_org = $7, version = m.version + 1
    returning m.id into member;
end
$$;
-- +goose StatementEnd
alter function sec.person_seen(uuid, uuid, text, text, text, text, text, text, timestamptz) owner to xuncha_sec;
grant execute on function sec.person_seen(uuid, uuid, text, text, text, text, text, text, timestamptz) to xuncha_app;

-- +goose StatementBegin
-- Binds a member of the scope's office to a person of the portal before that person first signs on.
create function sec.enrol(new_person uuid, member uuid, iss text, sub text, org_code text) returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    person uuid;
begin
    if current_setting('app.role') not in ('ADM', 'SYS') then
        raise exception 'not by this role' using errcode = 'insufficient_privilege';
    end if;
    insert into sec.people as o (id, iss, sub, name, org_code)
    select new_person, $3, $4, m.name, $5 from members m where m.tenant_id = current_tenant() and m.id = $2
    on conflict on constraint people_iss_sub_key do nothing;
    select o.id into person from sec.people o where o.iss = $3 and o.sub = $4;
    update members m set person_id = person
    where m.tenant_id = current_tenant() and m.id = $2 and (m.person_id is null or m.person_id = person);
    return case when found then person end;
end
$$;
-- +goose StatementEnd
alter function sec.enrol(uuid, uuid, text, text, text) owner to xuncha_sec;
grant execute on function sec.enrol(uuid, uuid, text, text, text) to xuncha_app, xuncha_jobs;

-- +goose StatementBegin
-- Makes a machine's key for the scope's office.
create function sec.machine_key_add(id uuid, key bytea, grant_id uuid, name text, made_by text, at timestamptz,
    ends_at timestamptz) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if current_setting('app.role') not in ('ADM', 'SYS') then
        raise exception 'not by this role' using errcode = 'insufficient_privilege';
    end if;
    insert into sec.machine_keys values ($1, $2, current_tenant(), $3, $4, $5, $6, $7);
end
$$;
-- +goose StatementEnd
alter function sec.machine_key_add(uuid, bytea, uuid, text, text, timestamptz, timestamptz) owner to xuncha_sec;
grant execute on function sec.machine_key_add(uuid, bytea, uuid, text, text, timestamptz, timestamptz) to xuncha_app, xuncha_jobs;

-- +goose StatementBegin
-- The keys of the scope's office, without the keys themselves.
create function sec.machine_keys()
    returns table (id uuid, name text, role text, unit_id uuid, made_by text, made_at timestamptz,
        ends_at timestamptz, seen_at timestamptz, revoked_at timestamptz)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if current_setting('app.role') not in ('ADM', 'SYS') then
        raise exception 'not by this role' using errcode = 'insufficient_privilege';
    end if;
    return query
        select k.id, k.name, g.role, g.unit_id, k.made_by, k.made_at, k.ends_at, k.seen_at, k.revoked_at
        from sec.machine_keys k
        join grants g on g.tenant_id = k.tenant_id and g.id = k.grant_id
        where k.tenant_id = current_tenant()
        order by k.made_at desc, k.id;
end
$$;
-- +goose StatementEnd
alter function sec.machine_keys() owner to xuncha_sec;
grant execute on function sec.machine_keys() to xuncha_app, xuncha_jobs;

-- +goose StatementBegin
-- Revokes a key of the scope's office. Returns its name and grant; nothing if there is none that works.
create function sec.machine_key_revoke(id uuid, at timestamptz) returns table (name text, grant_id uuid)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if current_setting('app.role') not in ('ADM', 'SYS') then
        raise exception 'not by this role' using errcode = 'insufficient_privilege';
    end if;
    return query
        update sec.machine_keys k set revoked_at = at
        where k.tenant_id = current_tenant() and k.id = $1 and k.revoked_at is null
        returning k.name, k.grant_id;
end
$$;
-- +goose StatementEnd
alter function sec.machine_key_revoke(uuid, timestamptz) owner to xuncha_sec;
grant execute on function sec.machine_key_revoke(uuid, timestamptz) to xuncha_app, xuncha_jobs;

-- +goose StatementBegin
-- Opens a session whose acts stand in the journal of the scope's office.
create function sec.session_open(id uuid, token bytea, person uuid, sid text, code bytea, device text,
    strong_at timestamptz, at timestamptz, idle interval, life interval) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into sec.sessions values ($1, $2, $3, current_tenant(), $4, $5, $6, $7, at, at, $9, at + life);
end
$$;
-- +goose StatementEnd
alter function sec.session_open(uuid, bytea, uuid, text, bytea, text, timestamptz, timestamptz, interval, interval) owner to xuncha_sec;
grant execute on function sec.session_open(uuid, bytea, uuid, text, bytea, text, timestamptz, timestamptz, interval, interval) to xuncha_app;

-- +goose StatementBegin
-- Notes a step-up, under a new token. False if the session is over or belongs to somebody else.
create function sec.session_strengthen(id uuid, token bytea, iss text, sub text, sid text,
    strong_at timestamptz, at timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update sec.sessions s set token = $2, sid = $5, strong_at = $6, seen_at = greatest(s.seen_at, at)
    from sec.people p
    where s.id = $1 and p.id = s.person_id and p.iss = $3 and p.sub = $4
      and s.ended_at is null and at < s.ends_at and at - s.seen_at <= s.idle;
    return found;
end
$$;
-- +goose StatementEnd
alter function sec.session_strengthen(uuid, bytea, text, text, text, timestamptz, timestamptz) owner to xuncha_sec;
grant execute on function sec.session_strengthen(uuid, bytea, text, text, text, timestamptz, timestamptz) to xuncha_app;

-- +goose StatementBegin
-- The sessions that still run and match everything given; null matches all. by_sub and by_sid come
-- with by_iss.
create function sec.sessions_open(by_token bytea, by_person uuid, by_code bytea, by_iss text, by_sub text, by_sid text,
    at timestamptz)
    returns table (id uuid, person_id uuid, tenant_id int, name text, sid text, device text, opened_at timestamptz,
        seen_at timestamptz, ends_at timestamptz)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if coalesce(by_token, by_code) is null and by_person is null and coalesce(by_sub, by_sid) is null then
        raise exception 'whose sessions?';
    end if;
    return query
        select s.id, s.person_id, s.tenant_id, p.name, s.sid, s.device, s.opened_at, s.seen_at, s.ends_at
        from sec.sessions s
        join sec.people p on p.id = s.person_id
        where s.ended_at is null and at < s.ends_at and at - s.seen_at <= s.idle
          and (by_token is null or s.token = by_token)
          and (by_person is null or s.person_id = by_person)
          and (by_code is null or s.code = by_code)
          and (by_iss is null or p.iss = by_iss)
          and (by_sub is null or p.sub = by_sub)
          and (by_sid is null or s.sid = by_sid)
        order by s.seen_at desc, s.id;
end
$$;
-- +goose StatementEnd
alter function sec.sessions_open(bytea, uuid, bytea, text, text, text, timestamptz) owner to xuncha_sec;
grant execute on function sec.sessions_open(bytea, uuid, bytea, text, text, text, timestamptz) to xuncha_app;

-- +goose StatementBegin
-- Ends sessions. Returns how many were still running.
create function sec.sessions_end(ids uuid[], ended_by text, at timestamptz) returns int
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    n int;
begin
    update sec.sessions s set ended_at = at, ended_by = $2 where s.id = any (ids) and s.ended_at is null;
    get diagnostics n = row_count;
    return n;
end
$$;
-- +goose StatementEnd
alter function sec.sessions_end(uuid[], text, timestamptz) owner to xuncha_sec;
grant execute on function sec.sessions_end(uuid[], text, timestamptz) to xuncha_app;

-- +goose StatementBegin
-- Notes a logout token. False if it was obeyed before.
create function sec.logout_token_new(iss text, jti text, until timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into sec.logout_tokens values ($1, $2, $3) on conflict do nothing;
    return found;
end
$$;
-- +goose StatementEnd
alter function sec.logout_token_new(text, text, timestamptz) owner to xuncha_sec;
grant execute on function sec.logout_token_new(text, text, timestamptz) to xuncha_app;

-- +goose Down
drop function sec.machine_key_revoke, sec.machine_keys, sec.machine_key_add, sec.logout_token_new, sec.sessions_end, sec.sessions_open, sec.session_strengthen, sec.session_open,
    sec.enrol, sec.person_seen, sec.sign_on_office, sec.sign_in_take, sec.sign_in_begin, sec.identities,
    sec.acting_machine, sec.acting, sec.session_read;
drop type sec.authority;
drop table sec.machine_keys, sec.logout_tokens, sec.sign_ins, sec.sessions, sec.people;
drop index members_person;
alter table members drop column portal_name, drop column portal_org;
