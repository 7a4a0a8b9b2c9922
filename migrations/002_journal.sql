-- +goose Up
-- The journal: one entry per act, in the transaction of the act, hash-chained per office. Nobody
-- writes these tables; the functions below are the only door, and they take entries in order only.
create table journal (
    tenant_id   int not null references tenants on update cascade,
    seq         bigint not null,
    at          timestamptz not null,
    actor_id    uuid,                -- member; null for a job
    actor_name  text not null,
    actor_tenant int not null,       -- another office's number when somebody above looked
    role        text not null,
    grant_id    uuid,
    action      text not null,       -- rectification.submit
    object      text not null,       -- finding
    object_id   uuid,
    unit_id     uuid,                -- whose people may read the entry, too
    result      text not null check (result in ('done', 'denied')),
    detail      json not null,       -- what people read in the timeline; its digest is in the chain
    before      bytea,               -- digests of the row before and after
    after       bytea,
    request_id  text not null,
    prev        bytea not null,
    hash        bytea not null,
    primary key (tenant_id, seq)
);
create index journal_object on journal (tenant_id, object_id, seq);
alter table journal enable row level security;
alter table journal force row level security;
create policy reach on journal for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy own_unit on journal as restrictive to xuncha_app using (
    current_setting('app.unit') = '' or unit_id = nullif(current_setting('app.unit'), '')::uuid);
-- The level above sees what it may see of an item, not who in the office did what to what.
create policy own_office on journal as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int or actor_tenant = current_setting('app.tenant')::int);
grant select on journal to xuncha_app, xuncha_jobs;

create table journal_heads (
    tenant_id int primary key references tenants on update cascade,
    seq       bigint not null,
    hash      bytea not null
);
alter table journal_heads enable row level security;
alter table journal_heads force row level security;
create policy reach on journal_heads for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
grant select on journal_heads to xuncha_app, xuncha_jobs;
grant select, insert on journal to xuncha_sec;
grant select, insert, update on journal_heads to xuncha_sec;

-- +goose StatementBegin
-- Takes the office's chain until the transaction ends and returns its last entry.
create function sec.journal_head(office int, out seq bigint, out hash bytea)
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
grant execute on function sec.journal_head(int) to xuncha_app, xuncha_jobs;
alter function sec.journal_head(int) owner to xuncha_sec;

-- +goose StatementBegin
-- Appends one entry behind the head. Refuses any that does not follow it.
create function sec.journal_append(e journal) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if e.tenant_id <> current_setting('app.tenant')::int
        and e.tenant_id not between current_setting('app.lo')::int and current_setting('app.hi')::int then
        raise exception 'office % is out of reach', e.tenant_id using errcode = 'insufficient_privilege';
    end if;
    if e.actor_tenant <> current_setting('app.tenant')::int then
        raise exception 'an entry names the office that acts' using errcode = 'insufficient_privilege';
    end if;
    update journal_heads set seq = e.seq, hash = e.hash
    where tenant_id = e.tenant_id and seq = e.seq - 1 and hash = e.prev;
    if not found then
        raise exception 'entry % does not follow the head of office %', e.seq, e.tenant_id;
    end if;
    insert into journal select e.*;
end
$$;
-- +goose StatementEnd
grant execute on function sec.journal_append(journal) to xuncha_app, xuncha_jobs;
alter function sec.journal_append(journal) owner to xuncha_sec;

-- +goose Down
drop function sec.journal_append(journal), sec.journal_head(int);
drop table journal, journal_heads;
