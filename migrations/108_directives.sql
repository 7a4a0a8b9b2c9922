-- +goose Up
-- Tasks from a meeting of the committee's secretary (点人点事): who was named, what for, by when. They are the
-- office's own affair and the named unit's: no other unit and no other office sees them. The unit answers, the
-- office ends it.
create table directives (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    id          uuid not null,
    unit_id     uuid not null,
    meeting     text not null,              -- 县委书记专题会议
    meeting_on  date not null,
    person      text not null,              -- who was named: name and post
    matter      text not null,
    due_on      date not null,
    state       text not null default 'assigned'
        constraint directives_state check (state in ('assigned', 'answered', 'closed', 'withdrawn')),
    assigned_at timestamptz not null,
    assigned_by text not null,
    -- of the unit
    answer      text not null default '',
    answered_at timestamptz,
    answered_by text not null default '',
    -- of the office
    note        text not null default '',   -- why it was returned, closed or withdrawn
    noted_at    timestamptz,
    noted_by    text not null default '',
    version     int not null default 1,
    primary key (tenant_id, id),
    foreign key (tenant_id, unit_id) references units on update cascade,
    constraint directives_answered check ((answered_at is null) = (answer = '') and (state <> 'answered' or answered_at is not null)),
    constraint directives_noted check ((noted_at is null) = (note = '') and (state not in ('closed', 'withdrawn') or noted_at is not null))
);
call sec.guard('directives', unit => 'unit_id');
create policy own_office on directives as restrictive to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int);
create policy by_office on directives as restrictive for insert to xuncha_app, xuncha_jobs
    with check (current_setting('app.unit') = '' and state = 'assigned');
-- What is ended stands.
create policy running on directives as restrictive for update to xuncha_app, xuncha_jobs
    using (state in ('assigned', 'answered')) with check (tenant_id = current_setting('app.tenant')::int);
create trigger sides before update on directives for each row execute function sec.sides('tenant_id',
    'note noted_at noted_by', 'answer answered_at answered_by', 'version', 'assigned closed withdrawn', 'answered');

-- +goose Down
drop table directives;
