-- +goose Up
-- Closed items that an office looks at again in the offices directly below it (抽查). One draw is a row for each
-- office below, with all that is needed to draw again: who was in the lot, the share and the seed. The rows are of
-- the office below and shared with the issuer above: no other office, and no unit, sees any of it.
create table samples (
    tenant_id   int not null default current_tenant() references tenants on update cascade, -- the office below
    issuer      int not null references tenants on update cascade,                          -- the one above, which drew
    id          uuid not null,              -- of the draw: the same in each office below
    name        text not null,
    closed_from date not null,              -- what was closed on these days was in the lot
    closed_to   date not null,
    share       int not null check (share between 1 and 100), -- percent
    seed        text not null,
    pool        text[] not null,            -- numbers of the items about which the lot decided
    drawn_at    timestamptz not null,
    drawn_by    text not null,
    primary key (tenant_id, id),
    check (closed_from <= closed_to)
);
alter table samples enable row level security;
alter table samples force row level security;
create policy reach on samples for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    and current_setting('app.tenant')::int in (tenant_id, issuer));
create policy adding on samples for insert to xuncha_app, xuncha_jobs with check (
    issuer = current_setting('app.tenant')::int
    and exists (select from tenants t where t.id = samples.tenant_id and t.parent = issuer));
create policy own_unit on samples as restrictive to xuncha_app using (current_setting('app.unit') = '');
grant select, insert on samples to xuncha_app, xuncha_jobs;

-- One item that was drawn. The issuer reads it with a reason and says what is so; what it found not to be put
-- right a job in the office below reopens.
create table sample_items (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    issuer     int not null references tenants on update cascade,
    sample_id  uuid not null,
    finding_id uuid not null,
    id         uuid not null,
    why        text not null constraint sample_items_why check (why in ('lot', 'doubt', 'late')),
    closed_on  date not null,                -- the closing that is looked at
    state      text not null default 'drawn'
        constraint sample_items_state check (state in ('drawn', 'confirmed', 'refuted', 'reopened', 'lapsed')),
    -- of the issuer
    purpose    text not null default '',     -- why somebody read it, the last time
    looked_at  timestamptz,
    looked_by  text not null default '',
    fact       text not null default '',
    due_on     date,                         -- the new last day, if it is to be reopened
    decided_by text not null default '',
    decided_at timestamptz,
    -- of the office below
    lapse      text not null default '',     -- why it was not reopened
    carried_at timestamptz,
    version    int not null default 1,
    primary key (tenant_id, sample_id, finding_id),
    unique (tenant_id, id),
    foreign key (tenant_id, sample_id) references samples on update cascade,
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    constraint sample_items_looked check ((looked_at is null) = (purpose = '')),
    constraint sample_items_decided check (
        (state = 'drawn') = (decided_at is null) and (decided_at is null) = (fact = '') and (decided_at is null or looked_at is not null)),
    constraint sample_items_due check ((due_on is not null) = (state in ('refuted', 'reopened', 'lapsed'))),
    constraint sample_items_carried check ((carried_at is not null) = (state in ('reopened', 'lapsed')))
);
-- An item is looked at by one sampling at a time.
create unique index sample_items_open on sample_items (tenant_id, finding_id) where state in ('drawn', 'refuted');
alter table sample_items enable row level security;
alter table sample_items force row level security;
create policy reach on sample_items for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    and current_setting('app.tenant')::int in (tenant_id, issuer));
create policy adding on sample_items for insert to xuncha_app, xuncha_jobs with check (
    issuer = current_setting('app.tenant')::int and state = 'drawn'
    and exists (select from samples s where (s.tenant_id, s.id, s.issuer) = (sample_items.tenant_id, sample_items.sample_id, sample_items.issuer)));
-- The issuer says what is so; what is to be reopened the office below carries out; then it stands.
create policy changing on sample_items for update to xuncha_app, xuncha_jobs
    using (issuer = current_setting('app.tenant')::int and state = 'drawn'
        or tenant_id = current_setting('app.tenant')::int and state = 'refuted')
    with check (current_setting('app.tenant')::int in (tenant_id, issuer));
create policy own_unit on sample_items as restrictive to xuncha_app using (current_setting('app.unit') = '');
create trigger sides before update on sample_items for each row execute function sec.sides('issuer',
    'purpose looked_at looked_by fact due_on decided_by decided_at', 'lapse carried_at', 'version',
    'confirmed refuted', 'reopened lapsed');
grant select, insert, update on sample_items to xuncha_app, xuncha_jobs;

-- +goose Down
drop table sample_items, samples;
