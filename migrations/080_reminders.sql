-- +goose Up
-- Urgings (上级督办) have a life of their own: one that the office below signed for is received, one
-- whose day had passed before the item got its deadline is skipped, and either is looked at no more.
alter table urgings drop constraint urgings_state;
alter table urgings no force row level security;
update urgings set state = 'received' where received_at is not null;
alter table urgings force row level security;
alter table urgings
    add constraint urgings_state check (state in ('waiting', 'sent', 'received', 'dropped', 'skipped')),
    add constraint urgings_received check ((state = 'received') = (received_at is not null)),
    add constraint urgings_whole check ((issued_at is null) = (text is null) and (text is null) = (digest is null));

-- Nobody adds one that says it was signed or received.
drop policy adding on urgings;
create policy adding on urgings for insert to xuncha_app, xuncha_jobs with check (
    issuer = current_setting('app.tenant')::int and state in ('waiting', 'skipped') and issued_at is null and tenant_id <> issuer
    and tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
-- Until it goes out it is the issuer's to change, then the recipient's to sign for; received, it stands.
create policy frozen on urgings as restrictive for update to xuncha_app, xuncha_jobs
    using (received_at is null and current_setting('app.tenant')::int = case when issued_at is null then issuer else tenant_id end)
    with check (current_setting('app.unit') = '');
drop trigger sides on urgings;
create trigger sides before update on urgings for each row execute function sec.sides('issuer',
    'number text digest note decided_by issued_at', 'received_at received_by', '', 'sent dropped', 'received');

-- What waits for somebody is found without reading what is done.
create index urgings_waiting on urgings (tenant_id, issuer, planned_on) where state in ('waiting', 'sent');
-- Where a scan looks for talks that are due and for letters that wait, an office's reminders are many.
create index reminders_talks on reminders (tenant_id, issued_at) where talk and state = 'sent';

-- +goose Down
drop index reminders_talks, urgings_waiting;
drop trigger sides on urgings;
create trigger sides before update on urgings for each row execute function sec.sides('issuer',
    'number text digest note decided_by issued_at', 'received_at received_by', '', 'sent dropped', '');
drop policy frozen on urgings;
drop policy adding on urgings;
create policy adding on urgings for insert to xuncha_app, xuncha_jobs with check (
    issuer = current_setting('app.tenant')::int and state = 'waiting' and tenant_id <> issuer
    and tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int);
alter table urgings drop constraint urgings_whole, drop constraint urgings_received, drop constraint urgings_state;
alter table urgings no force row level security;
update urgings set state = case state when 'received' then 'sent' else 'dropped' end where state in ('received', 'skipped');
alter table urgings force row level security;
alter table urgings add constraint urgings_state check (state in ('waiting', 'sent', 'dropped'));
