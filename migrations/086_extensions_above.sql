-- +goose Up
-- More time that the office one level above decides, and what a head signed as it was shown.
--
-- The row is shared with whoever decides it (sec.sides): with the own office's people where the office itself
-- does, with the office above where the policy says so. A unit's people and their office are its other party.
alter table extensions
    add column decider      int references tenants on update cascade, -- the office that decides, as the policy said
    add column content      bytea,                     -- JSON of what the head signed, byte for byte
    add column digest       bytea,                     -- of content: SM3
    -- of the own office, when it passes the request up
    add column opinion      text not null default '',
    add column opinion_by   text not null default '',
    add column forwarded_at timestamptz,
    add column lapse        text not null default '',  -- why what was granted above was not carried out
    -- of whoever decides
    add column granted_on   date,                      -- the day granted, which may be earlier than the one asked for
    add column decided_at   timestamptz;
alter table extensions no force row level security;
alter table extension_lists no force row level security;
update extensions set decider = tenant_id;
-- A signature that was under no digest does not stand: who gave it signs again what is not decided yet.
update extensions set state = 'asked', promise = '', signed_by = '', issued_at = null, version = version + 1 where state = 'signed';
update extension_lists l set promise = '', signed_by = '', issued_at = null, digest = null, version = version + 1
    where exists (select from extensions x where (x.tenant_id, x.list_id) = (l.tenant_id, l.id) and x.state = 'asked');
alter table extensions force row level security;
alter table extension_lists force row level security;

alter table extensions drop constraint extensions_state, drop constraint extensions_approver;
alter table extensions
    alter column decider set not null, alter column decider set default current_tenant(),
    add constraint extensions_state check (state in
        ('asked', 'signed', 'forwarded', 'granted', 'denied', 'approved', 'refused', 'lapsed', 'withdrawn')),
    add constraint extensions_approver check (approver in ('DIR', 'LG', 'CITY', 'PROV')),
    add constraint extensions_sealed check (
        (content is null) = (digest is null) and (content is not null or state not in ('signed', 'forwarded', 'granted', 'denied'))),
    add constraint extensions_granted check (granted_on <= until_on),
    -- What the level above decides passed through the own office, and nobody else says what it decided.
    add constraint extensions_above check (case
        when decider = tenant_id then state not in ('forwarded', 'granted', 'denied', 'lapsed') and forwarded_at is null
        when state in ('granted', 'approved', 'lapsed') then forwarded_at is not null and decided_at is not null and granted_on is not null
        when state in ('denied', 'refused') then forwarded_at is not null and decided_at is not null and granted_on is null
        else decided_at is null and (state <> 'forwarded' or forwarded_at is not null) end);
drop index extensions_open;
create unique index extensions_open on extensions (tenant_id, finding_id)
    where state in ('asked', 'signed', 'forwarded', 'granted', 'denied');
-- What stands with somebody, and what waits to be carried out, is found without reading what is done.
create index extensions_above on extensions (tenant_id, decider, forwarded_at) where forwarded_at is not null;
create index extensions_decided on extensions (tenant_id) where state in ('granted', 'denied');

drop policy asked_first on extensions;
create policy asked_first on extensions as restrictive for insert to xuncha_app with check (
    state = 'asked' and exists (select from tenants t where t.id = extensions.tenant_id and extensions.decider in (t.id, t.parent)));
-- The office above decides what was passed up to it, and does nothing else here.
drop policy changing on extensions;
create policy changing on extensions for update to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int
        or decider = current_setting('app.tenant')::int and state = 'forwarded')
    with check (tenant_id = current_setting('app.tenant')::int
        or decider = current_setting('app.tenant')::int and state in ('granted', 'denied'));
create trigger sides before update on extensions for each row execute function sec.sides('decider',
    'granted_on decided_at', 'promise signed_by issued_at content digest opinion opinion_by forwarded_at lapse',
    'note ended_by ended_at version', 'granted denied approved refused', 'asked signed forwarded approved refused lapsed withdrawn');

-- +goose Down
drop trigger sides on extensions;
drop policy changing on extensions;
create policy changing on extensions for update to xuncha_app, xuncha_jobs
    using (tenant_id = current_setting('app.tenant')::int) with check (tenant_id = current_setting('app.tenant')::int);
drop policy asked_first on extensions;
create policy asked_first on extensions as restrictive for insert to xuncha_app with check (state = 'asked');
drop index extensions_decided, extensions_above, extensions_open;
alter table extensions drop constraint extensions_above, drop constraint extensions_granted, drop constraint extensions_sealed,
    drop constraint extensions_approver, drop constraint extensions_state;
alter table extensions no force row level security;
update extensions set approver = case when approver in ('DIR', 'LG') then approver else 'DIR' end,
    state = case state when 'forwarded' then 'signed' when 'granted' then 'signed' when 'denied' then 'refused' when 'lapsed' then 'refused' else state end;
alter table extensions force row level security;
alter table extensions
    add constraint extensions_state check (state in ('asked', 'signed', 'approved', 'refused', 'withdrawn')),
    add constraint extensions_approver check (approver in ('DIR', 'LG'));
create unique index extensions_open on extensions (tenant_id, finding_id) where state in ('asked', 'signed');
alter table extensions drop column decided_at, drop column granted_on, drop column lapse, drop column forwarded_at, drop column opinion_by,
    drop column opinion, drop column digest, drop column content, drop column decider;
