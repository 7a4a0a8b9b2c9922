-- +goose Up
-- What a review of a long-term item was proposed about: once the item was handed in, or its day moved, the
-- proposal does not take effect any more.
alter table long_reviews add column due_version int, add column submission int;
alter table long_reviews no force row level security;
alter table rectifications no force row level security;
update long_reviews v set due_version = r.due_version, submission = r.submission
from rectifications r where r.tenant_id = v.tenant_id and r.finding_id = v.finding_id;
alter table long_reviews force row level security;
alter table rectifications force row level security;
alter table long_reviews alter column due_version set not null, alter column submission set not null;

-- A joint review is that of several people: whoever holds the authority of two parties speaks for one of them.
create unique index opinions_by on opinions (tenant_id, finding_id, submission, by_id);
create unique index plan_opinions_by on plan_opinions (tenant_id, plan_id, n, by_id);
create unique index report_opinions_by on report_opinions (tenant_id, report_id, n, by_id);
create unique index long_opinions_by on long_opinions (tenant_id, review_id, by_id);

-- Who approved a score does not decide on it, too.
alter table evaluation_sheets add column approved_id uuid;

-- A reopening says since when the item had been closed; one that was not closed says nothing.
alter table deadlines add column was_closed_on date;
-- +goose StatementBegin
create or replace function sec.keep_deadline() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into deadlines (tenant_id, finding_id, version, unit_id, due_on, review_on, kind, note, at, by_name, was_closed_on)
    values (new.tenant_id, new.finding_id, new.due_version, new.unit_id, new.due_on, new.review_on, new.due_kind, new.due_note,
        coalesce(new.due_set_at, new.issued_at, new.changed_at), new.changed_by,
        case when tg_op = 'UPDATE' and new.due_kind = 'reopen' then old.closed_on end);
    return null;
end
$$;
-- +goose StatementEnd
alter table deadlines no force row level security;
alter table submissions no force row level security;
update deadlines d set was_closed_on = x.on_day
from (
    select e.tenant_id, e.finding_id, e.version, (
        select case when s.outcome = 'closed' then (s.decided_at at time zone 'Asia/Shanghai')::date end from submissions s
        where s.tenant_id = e.tenant_id and s.finding_id = e.finding_id and s.outcome in ('closed', 'long-term') and s.decided_at <= e.at
        order by s.n desc limit 1) as on_day
    from deadlines e where e.kind = 'reopen') x
where (x.tenant_id, x.finding_id, x.version) = (d.tenant_id, d.finding_id, d.version);
alter table deadlines force row level security;
alter table submissions force row level security;

-- +goose Down
-- +goose StatementBegin
create or replace function sec.keep_deadline() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into deadlines (tenant_id, finding_id, version, unit_id, due_on, review_on, kind, note, at, by_name)
    values (new.tenant_id, new.finding_id, new.due_version, new.unit_id, new.due_on, new.review_on, new.due_kind, new.due_note,
        coalesce(new.due_set_at, new.issued_at, new.changed_at), new.changed_by);
    return null;
end
$$;
-- +goose StatementEnd
alter table deadlines drop column was_closed_on;
alter table evaluation_sheets drop column approved_id;
drop index long_opinions_by;
drop index report_opinions_by;
drop index plan_opinions_by;
drop index opinions_by;
alter table long_reviews drop column due_version, drop column submission;
