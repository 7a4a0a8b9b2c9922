-- +goose Up
-- What the public may read (公开): the text of a 通报, edition by edition, on its way to approval, and
-- what was published of it. The two are apart: the public's login has no right on the first.

-- One 通报 for each unit and round. Its index number (索引号) names its page for good.
create table disclosures (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    unit_id     uuid not null,
    round_id    uuid not null,
    number      text not null,             -- SQL-XC-2026-05-02; never used again
    edition     int not null default 1,    -- the newest edition
    live        int,                       -- the edition that the public reads; null before and after
    issued_at   timestamptz,               -- first publication
    created_at  timestamptz not null,
    created_by  text not null,
    version     int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    unique (tenant_id, unit_id, round_id),
    foreign key (tenant_id, unit_id) references units on update cascade,
    foreign key (tenant_id, round_id) references rounds on update cascade
);
call sec.guard('disclosures', drafts => true, unit => 'unit_id');

-- An edition of the text. A correction is a new edition; what was approved is never edited.
create table disclosure_editions (
    tenant_id      int not null default current_tenant() references tenants on update cascade,
    disclosure_id  uuid not null,
    edition        int not null,
    unit_id        uuid not null,
    state          text not null default 'draft'
        constraint disclosure_editions_state check (state in ('draft', 'confirming', 'clearing', 'approving',
            'approved', 'scheduled', 'published', 'superseded', 'withdrawn')),
    -- Taken from the ledger and the round when the text is made or refreshed.
    publisher      text not null,          -- full name of the office
    unit_name      text not null,          -- with its region: 石桥岭县民政局党组
    unit_kind      text not null,
    round_name     text not null,
    round_term     int not null,
    round_seq      int not null,
    round_from     date not null,
    round_until    date not null,
    feedback_on    date not null,
    period_from    date not null,          -- 集中整改期
    period_until   date not null,
    as_of          date not null,          -- 截至: the day of all numbers
    tasks          int not null,
    rules_made     int not null,
    rules_amended  int not null,
    recovered_fen  bigint not null,
    -- Written by people, proposed from the above.
    title          text not null,
    lead           text not null,
    organisation   text not null,
    head_duty      text not null,
    transfers      text not null,
    next_steps     text not null,
    phone          text not null,
    hours          text not null,
    address        text not null,
    email          text not null,
    dated          date not null,          -- 落款日期
    note           text not null default '', -- 更正说明; empty in the first edition
    hides_previous boolean not null default false,
    -- The way to publication.
    digest          bytea,                 -- of the rendering that was handed in for confirmation
    approved_digest bytea,
    edited_by      uuid, edited_name    text not null default '',
    confirmed_by   uuid, confirmed_name text not null default '', confirmed_at timestamptz,
    cleared_by     uuid, cleared_name   text not null default '', cleared_at   timestamptz, cleared_role text not null default '',
    approved_by    uuid, approved_name  text not null default '', approved_at  timestamptz,
    keeps          jsonb not null default '[]', -- personal data left in on purpose, each with its reason
    return_note    text not null default '',
    publish_at     timestamptz,
    opinions_until date,                   -- null: by policy, counted from publication
    held           text not null default '', -- why publication was stopped
    issued_at      timestamptz,            -- publication
    changed_at     timestamptz not null,
    version        int not null default 1,
    primary key (tenant_id, disclosure_id, edition),
    foreign key (tenant_id, disclosure_id) references disclosures on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    -- Not early and not unapproved, whatever the program thinks.
    constraint disclosure_editions_approved check (
        state in ('draft', 'confirming', 'clearing', 'approving')
        or coalesce(approved_digest = digest and approved_at is not null, false)),
    constraint disclosure_editions_due check (
        issued_at is null or (issued_at >= publish_at and issued_at >= approved_at))
);
create index disclosure_editions_scheduled on disclosure_editions (tenant_id, publish_at) where state = 'scheduled';
call sec.guard('disclosure_editions', drafts => true, unit => 'unit_id');

-- One finding in an edition: the public's words beside the ledger's facts.
create table disclosure_items (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    disclosure_id uuid not null,
    edition       int not null,
    finding_id    uuid not null,
    unit_id       uuid not null,
    seq           int not null,            -- of the feedback
    status        text not null check (status in ('done', 'long-term', 'ongoing')),
    finished_on   date,
    next_on       date,                    -- when the public hears of it again
    title         text not null,
    problem       text not null,
    result        text not null,
    rules         text not null,
    reason        text not null,           -- of a long-term item: why it takes long,
    goal          text not null,           -- what comes when,
    lead          text not null,           -- and who leads
    written       boolean not null default false, -- a person changed the words: a refresh leaves them
    gone          boolean not null default false, -- no longer in the ledger
    withheld      text not null default ''
        constraint disclosure_items_withheld check (withheld in ('', 'secret', 'case', 'hype', 'petition', 'sensitive')),
    issued_at     timestamptz,
    version       int not null default 1,
    primary key (tenant_id, disclosure_id, edition, finding_id),
    foreign key (tenant_id, disclosure_id, edition) references disclosure_editions on update cascade,
    foreign key (tenant_id, finding_id) references findings on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('disclosure_items', drafts => true, unit => 'unit_id');

-- Teams, coordinating departments and administrators have no part in drafts.
create policy readers on disclosures as restrictive to xuncha_app using (
    current_setting('app.role') in ('OFF', 'DIR', 'LG', 'UNIT', 'HEAD', 'DISC', 'CITY', 'PROV'));
create policy readers on disclosure_editions as restrictive to xuncha_app using (
    current_setting('app.role') in ('OFF', 'DIR', 'LG', 'UNIT', 'HEAD', 'DISC', 'CITY', 'PROV'));
create policy readers on disclosure_items as restrictive to xuncha_app using (
    current_setting('app.role') in ('OFF', 'DIR', 'LG', 'UNIT', 'HEAD', 'DISC', 'CITY', 'PROV'));

-- What was published: the approved bytes. The key makes a publication happen once. Only the jobs' login
-- publishes; the workbench can do nothing but take back.
create table publications (
    tenant_id      int not null default current_tenant() references tenants on update cascade,
    disclosure_id  uuid not null,
    edition        int not null,
    number         text not null,
    unit_id        uuid not null,
    title          text not null,
    unit_name      text not null,
    unit_kind      text not null,
    round_name     text not null,
    round_term     int not null,
    round_seq      int not null,
    year           int not null,           -- of the first publication
    findings       int not null,
    done           int not null,
    long_term      int not null,
    ongoing        int not null,
    withheld       int not null,
    note           text not null,
    digest         bytea not null,
    data           bytea not null,         -- canonical JSON
    article        bytea not null,         -- HTML
    published_at   timestamptz not null,
    opinions_until date not null,
    approved_name  text not null,
    superseded_at  timestamptz,
    withdrawn_at   timestamptz,
    primary key (tenant_id, disclosure_id, edition),
    unique (tenant_id, number, edition),
    foreign key (tenant_id, disclosure_id, edition) references disclosure_editions on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    check (findings = done + long_term + ongoing + withheld)
);
create index publications_latest on publications (tenant_id, published_at desc) where superseded_at is null and withdrawn_at is null;
call sec.guard('publications', unit => 'unit_id');
revoke insert, update on publications from xuncha_app;
grant update (withdrawn_at) on publications to xuncha_app;

-- What was taken back. The page stays and says so.
create table withdrawals (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    number     text not null,
    edition    int not null,
    unit_id    uuid not null,
    at         timestamptz not null,
    reason     text not null,              -- for the public
    by_name    text not null,
    primary key (tenant_id, number, edition),
    foreign key (tenant_id, number, edition) references publications (tenant_id, number, edition) on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('withdrawals', unit => 'unit_id');

-- The public: published rows, and of them no column that says who did what.
create policy published on publications for select to xuncha_public using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int and withdrawn_at is null);
grant select (tenant_id, edition, number, title, unit_name, unit_kind, round_name, round_term, round_seq, year,
    findings, done, long_term, ongoing, withheld, note, digest, data, article, published_at, opinions_until,
    superseded_at) on publications to xuncha_public;
create policy published on withdrawals for select to xuncha_public using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
grant select (tenant_id, number, edition, at, reason) on withdrawals to xuncha_public;

-- +goose StatementBegin
-- The editions that are due, office by office: the jobs' one question across offices. Ids only; each is
-- then looked at again under its office's scope.
create function sec.disclosures_due(at timestamptz) returns table (tenant_id int, id uuid)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.tenant_id, e.disclosure_id
    from disclosure_editions e
    where e.state = 'scheduled' and e.held = '' and e.publish_at <= at
      and e.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    order by e.publish_at, e.tenant_id, e.disclosure_id
$$;
-- +goose StatementEnd
grant select on disclosure_editions to xuncha_sec;
grant execute on function sec.disclosures_due(timestamptz) to xuncha_jobs;
alter function sec.disclosures_due(timestamptz) owner to xuncha_sec;

-- +goose Down
drop function sec.disclosures_due(timestamptz);
drop table withdrawals, publications, disclosure_items, disclosure_editions, disclosures;
