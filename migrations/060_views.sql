-- +goose Up
-- Saved views: what a member asks of a list, under a name. A view is a query of one screen's address;
-- it opens nothing that the reader may not see anyway.
create table saved_views (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    id         uuid not null,
    member_id  uuid not null,
    unit_id    uuid,                       -- of whoever saved it: an office's views and a unit's stay apart
    screen     text not null check (screen ~ '^[a-z]+([.][a-z]+)?$'),
    name       text not null check (length(name) between 1 and 20),
    query      text not null check (length(query) <= 2000),
    shared     boolean not null default false,
    made_by    text not null,
    changed_at timestamptz not null,
    removed_at timestamptz,
    version    int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, member_id) references members on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
create unique index saved_views_own on saved_views (tenant_id, member_id, screen, name)
    where removed_at is null and not shared;
create unique index saved_views_shared on saved_views (tenant_id, screen, unit_id, name) nulls not distinct
    where removed_at is null and shared;
call sec.guard('saved_views');
-- Personal ones are their member's alone, shared ones the office's or the unit's. What the director may
-- do to somebody else's is take it away when its author has left; the service holds him to that.
create policy own_views on saved_views as restrictive to xuncha_app
    using (tenant_id = current_setting('app.tenant')::int
        and unit_id is not distinct from nullif(current_setting('app.unit'), '')::uuid
        and (shared or member_id = nullif(current_setting('app.member'), '')::uuid))
    with check (unit_id is not distinct from nullif(current_setting('app.unit'), '')::uuid
        and (member_id = nullif(current_setting('app.member'), '')::uuid
            or shared and current_setting('app.role') = 'DIR'));

-- +goose Down
drop table saved_views;
