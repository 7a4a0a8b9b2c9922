-- +goose Up
-- Between offices: notices down, matters raised up. A row that two offices share names both; each
-- writes its own columns only, and there is no second copy that could differ.

-- +goose StatementBegin
-- sides keeps each party of a shared row to its own columns and states. Its arguments: the column that
-- names the other party; that party's columns; the columns of the row's own office; shared columns;
-- the states that the other party may set; those of the own office. What no list names never changes.
-- Where both parties are one office, the row is between it and its unit: the unit's people are one
-- party, the office the other. A receipt on paper is entered by the office in the unit's place.
create function sec.sides() returns trigger
    language plpgsql as $$
declare
    was      jsonb := to_jsonb(old);
    now      jsonb := to_jsonb(new);
    me       int;
    other    int := (was ->> tg_argv[0])::int;
    own      int := (was ->> 'tenant_id')::int;
    of_unit  boolean := was ->> 'unit_id' is not null;
    as_unit  boolean;
    allowed  text[] := string_to_array(tg_argv[3], ' ');
    states   text[] := '{}';
    wrong    text;
begin
    if current_user not in ('xuncha_app', 'xuncha_jobs') then
        return new; -- the tree of offices is renumbered
    end if;
    me := current_setting('app.tenant')::int;
    as_unit := current_setting('app.unit') <> '';
    if me = other and not as_unit and (other <> own or of_unit) then
        allowed := allowed || string_to_array(tg_argv[1], ' ');
        states := states || string_to_array(tg_argv[4], ' ');
    end if;
    if me = own and (other <> own or not of_unit or as_unit or (now ->> 'on_paper')::boolean) then
        allowed := allowed || string_to_array(tg_argv[2], ' ');
        states := states || string_to_array(tg_argv[5], ' ');
    end if;
    select string_agg(n.key, ', ') into wrong
    from jsonb_each(now) n
    where n.value is distinct from was -> n.key and n.key <> all (allowed) and n.key <> 'state';
    if wrong is not null then
        raise exception 'office % may not change % of %', me, wrong, tg_table_name using errcode = 'insufficient_privilege';
    end if;
    if now ->> 'state' <> was ->> 'state' and now ->> 'state' <> all (states) then
        raise exception 'office % may not make % %', me, tg_table_name, now ->> 'state' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
-- +goose StatementEnd

-- A notice (通报) to offices below, or to an office's own units. Forwarded, it has a parent; root is the
-- notice at the top of the chain.
create table notices (
    tenant_id       int not null default current_tenant() references tenants on update cascade,
    id              uuid not null,
    number          text,                       -- 澜巡办通〔2026〕7号; given when it is issued
    root            uuid not null,
    parent_issuer   int references tenants on update cascade,
    parent_id       uuid,
    edition         int not null default 1,     -- of the basis and the recipients that count
    tag             text not null default '',
    title           text not null,
    body            text not null,
    questions       text[] not null default '{}', -- to be answered by every recipient
    receipt_due     date not null,
    self_check_due  date not null,
    report_due      date not null,
    due_calendar    text not null,              -- version of the working-day calendar behind the days
    due_provisional boolean not null default false,
    state           text not null default 'draft'
        constraint notices_state check (state in ('draft', 'approval', 'issued', 'closed', 'withdrawn')),
    issued_at       timestamptz,
    issued_by       text not null default '',
    summary         text not null default '',   -- said when it is closed
    changed_at      timestamptz not null,
    changed_by      text not null,
    version         int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    check ((parent_issuer is null) = (parent_id is null)),
    check (receipt_due <= self_check_due and self_check_due <= report_due),
    check ((issued_at is not null) = (state in ('issued', 'closed') or (state = 'withdrawn' and number is not null)))
);

-- What the composer chose: the findings that a notice rests on, and its recipients; a changed draft is
-- another edition. Neither is for any other office to see: recipients must not learn whose findings
-- these are.
create table notice_basis (
    tenant_id      int not null default current_tenant() references tenants on update cascade,
    notice_id      uuid not null,
    edition        int not null,
    finding_tenant int not null references tenants on update cascade,
    finding_id     uuid not null,
    primary key (tenant_id, notice_id, edition, finding_tenant, finding_id),
    foreign key (tenant_id, notice_id) references notices on update cascade
);
call sec.guard('notice_basis');
create policy own_office on notice_basis as restrictive to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

create table notice_recipients (
    tenant_id int not null default current_tenant() references tenants on update cascade,
    notice_id uuid not null,
    edition   int not null,
    office    int not null references tenants on update cascade,
    unit_id   uuid,
    unique nulls not distinct (tenant_id, notice_id, edition, office, unit_id),
    foreign key (tenant_id, notice_id) references notices on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade,
    check (unit_id is null or office = tenant_id)
);
call sec.guard('notice_recipients');
create policy own_office on notice_recipients as restrictive to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int and current_setting('app.unit') = '');

-- One recipient's part of a notice: the row that issuer and recipient share. tenant_id is the recipient,
-- so that everybody above sees it by the range of his subtree. The key makes a delivery happen once.
create table deliveries (
    tenant_id      int not null default current_tenant() references tenants on update cascade,
    id             uuid not null,
    issuer         int not null references tenants on update cascade,
    notice_id      uuid not null,
    root           uuid not null,
    parent_id      uuid,                        -- the issuer's own delivery of what it forwards
    unit_id        uuid,                        -- an own unit of the issuer
    state          text not null default 'delivered'
        constraint deliveries_state check (state in
            ('delivered', 'received', 'checking', 'reported', 'accepted', 'returned', 'withdrawn')),
    delivered_at   timestamptz not null,
    receipt_due    date not null,
    self_check_due date not null,
    report_due     date not null,
    due_calendar   text not null,
    due_provisional boolean not null default false,
    -- the recipient's
    on_paper       boolean not null default false, -- entered by the office from paper
    received_at    timestamptz,
    received_by    text not null default '',    -- the person who signed for it
    checking_at    timestamptz,
    reported_at    timestamptz,
    reported_by    text not null default '',
    checked        int not null default 0 check (checked >= 0),
    found          int not null default 0 check (found >= 0),
    corrected      int not null default 0 check (corrected between 0 and found),
    rules          int not null default 0 check (rules >= 0),
    money_fen      bigint not null default 0 check (money_fen >= 0),
    report         text not null default '',
    answers        text[] not null default '{}',
    signed_by      text not null default '',    -- head who signed a report that found nothing
    -- the issuer's
    review_due     date,
    accepted_at    timestamptz,
    accepted_by    text not null default '',
    returned_at    timestamptz,
    returned_by    text not null default '',
    return_code    text not null default '' constraint deliveries_return_code
        check (return_code in ('', 'incomplete', 'inconsistent', 'no-evidence', 'shallow', 'other')),
    return_note    text not null default '',
    returns        int not null default 0,
    -- both
    changed_at     timestamptz not null,
    changed_by     text not null,
    version        int not null default 1,
    primary key (tenant_id, id),
    unique nulls not distinct (tenant_id, issuer, notice_id, unit_id),
    foreign key (tenant_id, unit_id) references units on update cascade,
    check ((issuer = tenant_id) = (unit_id is not null))
);
create index deliveries_root on deliveries (tenant_id, root);
alter table deliveries enable row level security;
alter table deliveries force row level security;
create policy reach on deliveries for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy adding on deliveries for insert to xuncha_app, xuncha_jobs with check (
    issuer = current_setting('app.tenant')::int and state = 'delivered' and current_setting('app.unit') = ''
    and exists (select from tenants t where t.id = deliveries.issuer and deliveries.tenant_id between t.lo and t.hi)
    and exists (select from notices n where n.tenant_id = deliveries.issuer and n.id = deliveries.notice_id));
create policy changing on deliveries for update to xuncha_app, xuncha_jobs
    using (current_setting('app.tenant')::int in (tenant_id, issuer))
    with check (current_setting('app.tenant')::int in (tenant_id, issuer));
create policy own_unit on deliveries as restrictive to xuncha_app using (
    current_setting('app.unit') = '' or unit_id = nullif(current_setting('app.unit'), '')::uuid);
create trigger sides before update on deliveries for each row execute function sec.sides('issuer',
    'report_due due_calendar due_provisional review_due accepted_at accepted_by returned_at returned_by return_code return_note returns',
    'on_paper received_at received_by checking_at reported_at reported_by checked found corrected rules money_fen report answers signed_by review_due',
    'changed_at changed_by version', 'accepted returned withdrawn', 'received checking reported');
grant select, insert, update on deliveries to xuncha_app, xuncha_jobs;

-- A notice is read by its issuer, by the offices above that once it is issued, and by its recipients.
alter table notices enable row level security;
alter table notices force row level security;
create policy reach on notices for select to xuncha_app, xuncha_jobs using (
    (tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
        and (issued_at is not null or tenant_id = current_setting('app.tenant')::int))
    or exists (select from deliveries d where d.issuer = notices.tenant_id and d.notice_id = notices.id));
create policy adding on notices for insert to xuncha_app, xuncha_jobs
    with check (tenant_id = current_setting('app.tenant')::int);
create policy changing on notices for update to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int)
    with check (tenant_id = current_setting('app.tenant')::int);
create policy own_unit on notices as restrictive to xuncha_app using (
    current_setting('app.unit') = ''
    or exists (select from deliveries d where d.issuer = notices.tenant_id and d.notice_id = notices.id));
grant select, insert, update on notices to xuncha_app, xuncha_jobs;

-- A reminder (催办) about one delivery: one a day, whoever sends it.
create table notice_reminders (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    delivery_id uuid not null,
    on_day      date not null,
    what        text not null check (what in ('receipt', 'report')),
    sender      int not null references tenants on update cascade,
    sent_by     text not null,
    sent_at     timestamptz not null,
    primary key (tenant_id, delivery_id, on_day),
    foreign key (tenant_id, delivery_id) references deliveries on update cascade
);
alter table notice_reminders enable row level security;
alter table notice_reminders force row level security;
create policy reach on notice_reminders for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy adding on notice_reminders for insert to xuncha_app, xuncha_jobs with check (
    sender = current_setting('app.tenant')::int and current_setting('app.unit') = ''
    and tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
create policy own_unit on notice_reminders as restrictive to xuncha_app using (
    current_setting('app.unit') = '' or exists (
        select from deliveries d where d.tenant_id = notice_reminders.tenant_id and d.id = delivery_id));
grant select, insert on notice_reminders to xuncha_app, xuncha_jobs;

-- A matter that a finding's office cannot settle alone and raises to the level above (提请统筹).
-- holder has it now; reached is the highest office it ever came to: nobody above that one sees it.
create table escalations (
    tenant_id       int not null default current_tenant() references tenants on update cascade,
    id              uuid not null,
    finding_id      uuid not null,
    number          text,                       -- E-2026-03; given when it is sent up
    state           text not null default 'draft'
        constraint escalations_state check (state in ('draft', 'approval', 'submitted', 'accepted', 'raised', 'taken',
            'returned', 'refused', 'answered', 'confirmed', 'closed', 'withdrawn')),
    holder          int not null default current_tenant() references tenants on update cascade,
    reached         int not null default current_tenant() references tenants on update cascade,
    step_due        date,                       -- when the holder should have done its step
    -- the raiser's
    title           text not null,
    tried           text not null,              -- what was tried
    why             text not null,              -- why it is beyond this level
    asked           text not null,              -- what is asked for
    submitted_at    timestamptz,
    submitted_by    text not null default '',
    confirmed_at    timestamptz,
    extended_to     date,                       -- the finding's new day, once approved
    closed_at       timestamptz,
    -- the holder's
    accepted_at     timestamptz,
    accepted_number text,                       -- 靖巡办受〔2026〕3号
    return_code     text not null default '' constraint escalations_return_code
        check (return_code in ('', 'incomplete', 'own-level')),
    reason          text not null default '',   -- of a return or a refusal
    outcome         text not null default '' constraint escalations_outcome
        check (outcome in ('', 'policy', 'funding', 'coordination', 'decision', 'declined')),
    answer          text not null default '',
    answer_due      date,                       -- by when the answer is to be carried out
    answered_at     timestamptz,
    answered_by     int references tenants on update cascade,
    -- both
    changed_at      timestamptz not null,
    changed_by      text not null,
    version         int not null default 1,
    primary key (tenant_id, id),
    unique (tenant_id, number),
    foreign key (tenant_id, finding_id) references findings on update cascade
);
create unique index escalations_open on escalations (tenant_id, finding_id)
    where state not in ('closed', 'withdrawn');
create index escalations_holder on escalations (tenant_id, holder) where state not in ('closed', 'withdrawn');
alter table escalations enable row level security;
alter table escalations force row level security;
-- Of two offices that both stand above the raiser the lower one has the larger number.
create policy reach on escalations for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    and current_setting('app.tenant')::int >= reached);
create policy adding on escalations for insert to xuncha_app, xuncha_jobs with check (
    tenant_id = current_setting('app.tenant')::int and holder = tenant_id and reached = tenant_id and state = 'draft');
create policy changing on escalations for update to xuncha_app, xuncha_jobs
    using (current_setting('app.tenant')::int in (tenant_id, holder))
    with check (current_setting('app.tenant')::int >= reached and exists (
        select from tenants t where t.id = holder and escalations.tenant_id between t.lo and t.hi));
create policy own_unit on escalations as restrictive to xuncha_app using (current_setting('app.unit') = '');
create trigger sides before update on escalations for each row execute function sec.sides('holder',
    'accepted_at accepted_number return_code reason outcome answer answer_due answered_at answered_by',
    'title tried why asked number submitted_at submitted_by confirmed_at extended_to closed_at',
    'holder reached step_due changed_at changed_by version',
    'accepted raised taken returned refused answered', 'draft approval submitted confirmed closed withdrawn');
grant select, insert, update on escalations to xuncha_app, xuncha_jobs;

-- Every step of an escalation. Steps inside an office (internal) are for that office alone.
create table escalation_steps (
    tenant_id     int not null default current_tenant() references tenants on update cascade,
    escalation_id uuid not null,
    seq           int not null,
    did           text not null,
    state         text not null,                -- after the step
    office        int not null references tenants on update cascade,
    holder        int not null references tenants on update cascade, -- after the step
    internal      boolean not null default false,
    actor         text not null,
    at            timestamptz not null,
    text          text not null default '',
    due_on        date,
    primary key (tenant_id, escalation_id, seq),
    foreign key (tenant_id, escalation_id) references escalations on update cascade
);
alter table escalation_steps enable row level security;
alter table escalation_steps force row level security;
create policy reach on escalation_steps for select to xuncha_app, xuncha_jobs using (
    tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
    and (not internal or tenant_id = current_setting('app.tenant')::int));
create policy adding on escalation_steps for insert to xuncha_app, xuncha_jobs
    with check (office = current_setting('app.tenant')::int);
create policy with_matter on escalation_steps as restrictive to xuncha_app, xuncha_jobs
    using (exists (select from escalations e
        where e.tenant_id = escalation_steps.tenant_id and e.id = escalation_steps.escalation_id));
grant select, insert on escalation_steps to xuncha_app, xuncha_jobs;

-- +goose Down
drop table escalation_steps, escalations, notice_reminders, deliveries, notice_recipients, notice_basis, notices cascade;
drop function sec.sides();
