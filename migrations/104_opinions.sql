-- +goose Up
-- What the public says about what was published (意见): taken into a box, looked at by the office, and shown on
-- the page only where the office decides so (选登).

create table public_opinions (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    number      text not null,             -- SQL-YJ-2026-0003
    notice      text not null,             -- index number of the 通报 that it is about,
    edition     int not null,              -- as its writer read it
    unit_id     uuid not null,             -- whose 通报 it is
    -- What the public said. Nobody changes it.
    item_no     int,                       -- which finding of the page, as the page counts; null: all of it
    not_fixed   boolean not null,          -- says that what is called done is not
    name        text not null check (length(name) <= 20), -- what the writer wants to be called
    text        text not null check (length(text) between 1 and 500),
    may_show    boolean not null,          -- the writer agrees to publication
    code        bytea not null,            -- keyed digest of the code under which the writer asks
    at          timestamptz not null,
    -- What the office made of it.
    state       text not null default 'waiting'
        constraint public_opinions_state check (state in ('waiting', 'featured', 'declined', 'passed', 'merged')),
    finding_id  uuid,                      -- which finding it is about, as the office sees it
    doubt_id    uuid,                      -- the signal that it led to
    reason      text not null default ''
        constraint public_opinions_reason check (reason in ('', 'personal', 'off-topic', 'advert', 'attack', 'unwilling', 'kept')),
    note        text not null default '',  -- for the office
    passed_to   text not null default '',
    merged_into uuid,
    shown_name  text not null default '',  -- what the public reads: never more than was said
    shown       text not null default '',
    decided_at  timestamptz,
    decided_by  text not null default '',
    reply       text not null default '' check (length(reply) <= 500),
    replied_at  timestamptz,
    replied_by  text not null default '',
    changed_at  timestamptz not null,
    version     int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    foreign key (tenant_id, doubt_id) references doubts on update cascade,
    foreign key (tenant_id, merged_into) references public_opinions (tenant_id, id) on update cascade,
    check ((state = 'waiting') = (decided_at is null)),
    check ((state = 'featured') = (shown <> '')),
    check (state <> 'featured' or may_show),
    check ((state = 'declined') = (reason <> '')),
    check ((state = 'passed') = (passed_to <> '')),
    check ((state = 'merged') = (merged_into is not null)),
    check ((reply = '') = (replied_at is null))
);
create index public_opinions_at on public_opinions (tenant_id, at desc, id desc);
create index public_opinions_notice on public_opinions (tenant_id, notice);
create index public_opinions_finding on public_opinions (tenant_id, finding_id) where finding_id is not null;
call sec.guard('public_opinions');
-- Nobody but the public says something: the one door is sec.take_opinion.
drop policy adding on public_opinions;
revoke insert on public_opinions from xuncha_app, xuncha_jobs;
revoke update on public_opinions from xuncha_jobs;
-- The levels above count opinions and read none; no unit and no team reads who said what (TRUST §2.2, 39).
create policy own_office on public_opinions as restrictive to xuncha_app, xuncha_jobs using (
    tenant_id = current_setting('app.tenant')::int);
create policy readers on public_opinions as restrictive to xuncha_app using (
    current_setting('app.role') in ('OFF', 'DIR', 'LG', 'DISC', 'ORG', 'DEPT', 'CITY', 'PROV'));

-- +goose StatementBegin
create function sec.words_stay() returns trigger
    language plpgsql as $$
begin
    raise exception 'what the public said is not changed' using errcode = 'insufficient_privilege';
end
$$;
-- +goose StatementEnd
create trigger words_stay
    before update of id, number, notice, edition, unit_id, item_no, not_fixed, name, text, may_show, code, at on public_opinions
    for each row execute function sec.words_stay();

-- The public: what was selected, and of it the words that the office showed.
create policy published on public_opinions for select to xuncha_public using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int and state = 'featured');
grant select (tenant_id, notice, item_no, shown_name, shown, at, decided_at, reply, replied_at, changed_at) on public_opinions to xuncha_public;

-- +goose StatementBegin
-- Whether the office takes opinions: off, collect (只收不登) or feature (收并选登). The nearest office that says so
-- decides; if none does, opinions are taken, and each is shown only where somebody decides so.
create function sec.opinions_mode() returns text
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select coalesce((
        select p.body->>'disclosure_opinions'
        from sec.policies() with ordinality p(version, body, nth)
        where p.body ? 'disclosure_opinions'
        order by p.nth desc limit 1), 'feature')
$$;

-- Takes what somebody says about a page of the office that is acted for: if the page stands, its time is not over
-- and the office takes opinions. Taken twice it is one opinion. The number is given here, so that the login that
-- takes opinions needs no right on any table.
create function sec.take_opinion(opinion uuid, about text, item int, unfixed boolean, called text, words text,
        showable boolean, key bytea, said_at timestamptz, out given text, out fresh boolean, out refused text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    here int := current_setting('app.tenant')::int;
    page publications;
    year text := to_char(said_at at time zone 'Asia/Shanghai', 'YYYY');
begin
    fresh := false;
    select o.number into given from public_opinions o where o.tenant_id = here and o.id = opinion;
    if found then
        return;
    end if;
    select p.* into page from publications p
    where p.tenant_id = here and p.number = about and p.superseded_at is null and p.withdrawn_at is null;
    if not found then
        refused := 'gone';
    elsif (said_at at time zone 'Asia/Shanghai')::date > page.opinions_until then
        refused := 'closed';
    elsif sec.opinions_mode() = 'off' then
        refused := 'off';
    end if;
    if refused is not null then
        return;
    end if;
    with taken as (
        insert into numbers as n (tenant_id, series, last) values (here, 'YJ-' || year, 1)
        on conflict (tenant_id, series) do update set last = n.last + 1
        returning last)
    select t.prefix || '-YJ-' || year || '-' || lpad(taken.last::text, 4, '0') into given
    from taken, tenants t where t.id = here;
    insert into public_opinions (tenant_id, id, number, notice, edition, unit_id, item_no, not_fixed, name, text, may_show, code, at, changed_at)
    values (here, opinion, given, about, page.edition, page.unit_id, item, unfixed, called, words, showable, key, said_at, said_at);
    fresh := true;
end
$$;

-- What came of an opinion, for whoever shows its number and its code. Its words are not said again.
create function sec.opinion_status(asked text, key bytea) returns table (
        notice text, at timestamptz, state text, reason text, passed_to text, decided_at timestamptz, reply text, replied_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.notice, o.at, o.state, o.reason, o.passed_to, o.decided_at,
        coalesce(nullif(o.reply, ''), m.reply, ''), case when o.reply <> '' then o.replied_at else m.replied_at end
    from public_opinions o
    left join public_opinions m on m.tenant_id = o.tenant_id and m.id = o.merged_into
    where o.tenant_id = current_setting('app.tenant')::int and o.number = asked and o.code = key
$$;

-- How many opinions came in about one page: a number that the page says.
create function sec.opinions_received(about text) returns int
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select count(*)::int from public_opinions o
    where o.tenant_id = current_setting('app.tenant')::int and o.notice = about
$$;

-- How many opinions each office in reach has: numbers, never words.
create function sec.opinion_counts() returns table (
        office int, received int, waiting int, featured int, unanswered int, not_fixed int, doubts int)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.tenant_id, count(*)::int, count(*) filter (where o.state = 'waiting')::int,
        count(*) filter (where o.state = 'featured')::int,
        count(*) filter (where o.reply = '' and (o.state in ('featured', 'passed') or o.state = 'declined' and o.reason in ('personal', 'unwilling', 'kept')))::int,
        count(*) filter (where o.not_fixed and (o.state <> 'declined' or o.reason in ('personal', 'unwilling', 'kept')))::int,
        count(o.doubt_id)::int
    from public_opinions o
    where o.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    group by o.tenant_id
$$;

-- As before (002); and the login that takes opinions appends that it took one, in nobody's name, and nothing else.
create or replace function sec.journal_append(e journal) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if e.tenant_id <> current_setting('app.tenant')::int
        and e.tenant_id not between current_setting('app.lo')::int and current_setting('app.hi')::int then
        raise exception 'office % is out of reach', e.tenant_id using errcode = 'insufficient_privilege';
    end if;
    if e.actor_tenant <> current_setting('app.tenant')::int then
        raise exception 'an entry names the office that acts' using errcode = 'insufficient_privilege';
    end if;
    if session_user = 'xuncha_intake'
        and (e.action, e.role, e.actor_name, e.actor_id is null, e.grant_id is null) is distinct from ('opinion.receive', 'PUBLIC', 'public', true, true) then
        raise exception 'this login only takes opinions' using errcode = 'insufficient_privilege';
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
grant select, insert on public_opinions to xuncha_sec;
grant select, insert, update on numbers to xuncha_sec;
grant execute on function sec.opinions_mode() to xuncha_app, xuncha_public, xuncha_intake;
grant execute on function sec.take_opinion(uuid, text, int, boolean, text, text, boolean, bytea, timestamptz) to xuncha_intake;
grant execute on function sec.opinion_status(text, bytea) to xuncha_intake;
grant execute on function sec.opinions_received(text) to xuncha_public;
grant execute on function sec.opinion_counts() to xuncha_app;
grant execute on function sec.journal_head(int), sec.journal_append(journal) to xuncha_intake;
alter function sec.opinions_mode() owner to xuncha_sec;
alter function sec.take_opinion(uuid, text, int, boolean, text, text, boolean, bytea, timestamptz) owner to xuncha_sec;
alter function sec.opinion_status(text, bytea) owner to xuncha_sec;
alter function sec.opinions_received(text) owner to xuncha_sec;
alter function sec.opinion_counts() owner to xuncha_sec;

-- +goose Down
revoke execute on function sec.journal_head(int), sec.journal_append(journal) from xuncha_intake;
-- +goose StatementBegin
create or replace function sec.journal_append(e journal) returns void
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
drop function sec.opinion_counts(), sec.opinions_received(text), sec.opinion_status(text, bytea),
    sec.take_opinion(uuid, text, int, boolean, text, text, boolean, bytea, timestamptz), sec.opinions_mode();
revoke all on numbers from xuncha_sec;
drop table public_opinions;
drop function sec.words_stay();
