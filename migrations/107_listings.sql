-- +goose Up
-- What an office puts on its board at an office directly below (挂牌督办): an item of that office, or a matter that
-- is none. The row is of the office below and shared with the issuer above, which alone writes it; no other office,
-- and no unit, sees it.
create table listings (
    tenant_id  int not null default current_tenant() references tenants on update cascade, -- the office below
    issuer     int not null references tenants on update cascade,
    id         uuid not null,
    number     text not null,               -- 靖巡办挂牌〔2026〕1号
    finding_id uuid,                        -- the item; absent for a matter that is none
    matter     text not null,
    leader     text not null,               -- who leads it: name and post
    due_on     date not null,
    conditions text not null,               -- for taking it off (摘牌条件)
    state      text not null default 'listed' constraint listings_state check (state in ('listed', 'removed')),
    listed_at  timestamptz not null,
    listed_by  text not null,
    reason     text not null default '',    -- why it was taken off
    removed_at timestamptz,
    removed_by text not null default '',
    version    int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, finding_id) references rectifications on update cascade,
    constraint listings_removed check ((state = 'removed') = (removed_at is not null) and (removed_at is null) = (reason = ''))
);
-- An office lists an item once at a time.
create unique index listings_item on listings (tenant_id, finding_id, issuer) where state = 'listed';
alter table listings enable row level security;
alter table listings force row level security;
create policy reach on listings for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    and current_setting('app.tenant')::int in (tenant_id, issuer));
create policy adding on listings for insert to xuncha_app, xuncha_jobs with check (
    issuer = current_setting('app.tenant')::int and state = 'listed'
    and exists (select from tenants t where t.id = listings.tenant_id and t.parent = issuer));
-- Only who listed it takes it off, and then it stands.
create policy changing on listings for update to xuncha_app, xuncha_jobs
    using (issuer = current_setting('app.tenant')::int and state = 'listed')
    with check (issuer = current_setting('app.tenant')::int);
create policy own_unit on listings as restrictive to xuncha_app using (current_setting('app.unit') = '');
create trigger sides before update on listings for each row execute function sec.sides('issuer',
    'reason removed_at removed_by', '', 'version', 'removed', '');
grant select, insert, update on listings to xuncha_app, xuncha_jobs;

-- +goose Down
drop table listings;
