-- +goose Up
-- What the level above does with matters: those of the same kind it handles as one (并案), and it decides in one of
-- several ways, to whom and by when. The raiser may dispute an answer once. The clock of its item stands still only
-- once that is approved in its own office.

-- Which matters an office handles as one. That is its own affair: no office whose matter is among them learns
-- whose the others are, or how many, and neither does the office above.
create table merged_matters (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    merge_id      uuid not null,
    raiser        int not null references tenants on update cascade,
    escalation_id uuid not null,
    merged_at     timestamptz not null,
    merged_by     text not null,
    left_at       timestamptz,                -- no longer handled with the others
    left_by       text not null default '',
    primary key (tenant_id, merge_id, raiser, escalation_id)
);
create unique index merged_matters_once on merged_matters (tenant_id, raiser, escalation_id) where left_at is null;
call sec.guard('merged_matters');
create policy own_office on merged_matters as restrictive to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');
-- Only what an office has can it merge.
create policy held on merged_matters as restrictive for insert to xuncha_app, xuncha_jobs with check (
    exists (select from escalations e
        where e.tenant_id = raiser and e.id = escalation_id and e.holder = current_setting('app.tenant')::int));

alter table escalations
    -- the holder's
    add column decision      text not null default '' constraint escalations_decision
        check (decision in ('', 'assign', 'joint', 'department')),
    add column decision_text text not null default '',
    add column target        text not null default '', -- which body is to settle it
    add column decision_due  date,                     -- and by when
    add column decided_at    timestamptz,
    -- the raiser's
    add column dispute       text not null default '',
    add column disputed_at   timestamptz,
    add constraint escalations_decided check (
        (decision = '') = (decided_at is null) and (decision = '') = (target = '') and (decision = '') = (decision_due is null)),
    add constraint escalations_disputed check ((dispute = '') = (disputed_at is null));
alter table escalations drop constraint escalations_state;
alter table escalations add constraint escalations_state check (state in ('draft', 'approval', 'submitted', 'accepted',
    'working', 'raised', 'taken', 'returned', 'refused', 'answered', 'disputed', 'confirmed', 'closed', 'withdrawn'));
drop trigger sides on escalations;
create trigger sides before update on escalations for each row execute function sec.sides('holder',
    'accepted_at accepted_number return_code reason decision decision_text target decision_due decided_at outcome answer answer_due answered_at answered_by',
    'title tried why asked number submitted_at submitted_by dispute disputed_at confirmed_at extended_to closed_at',
    'holder reached step_due changed_at changed_by version',
    'accepted working raised taken returned refused answered', 'draft approval submitted disputed confirmed closed withdrawn');

-- A clock that stands still: the item has no last day until it goes on, later by the days it stood still.
alter table rectifications drop constraint rectifications_due_kind;
alter table rectifications add constraint rectifications_due_kind
    check (due_kind in ('feedback', 'set', 'extension', 'answer', 'import', 'reopen', 'review', 'stopped', 'resumed'));
create index deadlines_stopped on deadlines (tenant_id, finding_id, version) where kind = 'stopped';

-- +goose Down
drop index deadlines_stopped;
alter table rectifications no force row level security;
update rectifications set due_kind = 'set' where due_kind in ('stopped', 'resumed');
alter table rectifications force row level security;
alter table rectifications drop constraint rectifications_due_kind;
alter table rectifications add constraint rectifications_due_kind
    check (due_kind in ('feedback', 'set', 'extension', 'answer', 'import', 'reopen', 'review'));
drop trigger sides on escalations;
alter table escalations no force row level security;
update escalations set state = case state when 'disputed' then 'answered' else 'accepted' end where state in ('working', 'disputed');
alter table escalations force row level security;
alter table escalations drop constraint escalations_state;
alter table escalations add constraint escalations_state check (state in ('draft', 'approval', 'submitted', 'accepted', 'raised', 'taken',
    'returned', 'refused', 'answered', 'confirmed', 'closed', 'withdrawn'));
create trigger sides before update on escalations for each row execute function sec.sides('holder',
    'accepted_at accepted_number return_code reason outcome answer answer_due answered_at answered_by',
    'title tried why asked number submitted_at submitted_by confirmed_at extended_to closed_at',
    'holder reached step_due changed_at changed_by version',
    'accepted raised taken returned refused answered', 'draft approval submitted confirmed closed withdrawn');
alter table escalations drop constraint escalations_disputed, drop constraint escalations_decided,
    drop column disputed_at, drop column dispute, drop column decided_at, drop column decision_due, drop column target,
    drop column decision_text, drop column decision;
drop table merged_matters;
