-- +goose Up
-- Common issues (共性问题): tags given by an office to findings of the offices below it, tags counted as one, and the
-- names that stay in a notice because two persons answer for them.

-- A tag that an office gives to a finding below it, where it may write nothing. Its own findings carry theirs
-- themselves. Offices above see it; the finding's own office does not.
create table finding_marks (
    tenant_id      int not null default current_tenant() references tenants on update cascade,
    tag            text not null check (length(tag) between 1 and 40),
    finding_tenant int not null references tenants on update cascade,
    finding_id     uuid not null,
    given_at       timestamptz not null,
    given_by       text not null,
    ended_at       timestamptz,                -- taken off again
    ended_by       text not null default '',
    primary key (tenant_id, tag, finding_tenant, finding_id)
);
call sec.guard('finding_marks');
create policy not_unit on finding_marks as restrictive to xuncha_app using (current_setting('app.unit') = '');

-- Two tags that an office counts as one (标签归并). The findings keep what they carry: it can be ended at any time.
create table tag_merges (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    tag       text not null check (length(tag) between 1 and 40),
    into_tag  text not null check (length(into_tag) between 1 and 40 and into_tag <> tag),
    reason    text not null,
    merged_at timestamptz not null,
    merged_by text not null,
    ended_at  timestamptz,
    primary key (tenant_id, tag)
);
call sec.guard('tag_merges');
create policy own_office on tag_merges as restrictive to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

-- A name of a source that stays in one edition of a notice: one person says why, another agrees.
create table notice_kept (
    tenant_id  int not null default current_tenant() references tenants on update cascade,
    notice_id  uuid not null,
    edition    int not null,
    token      text not null check (length(token) between 1 and 200),
    reason     text not null,
    asked_by   uuid not null,
    asked_name text not null,
    asked_at   timestamptz not null,
    agreed_by  uuid,
    agreed_name text not null default '',
    agreed_at  timestamptz,
    primary key (tenant_id, notice_id, edition, token),
    foreign key (tenant_id, notice_id) references notices on update cascade,
    check (agreed_by <> asked_by),
    check ((agreed_by is null) = (agreed_at is null))
);
call sec.guard('notice_kept');
create policy own_office on notice_kept as restrictive to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

-- +goose Down
drop table notice_kept, tag_merges, finding_marks;
