-- +goose Up
-- The scan of the reminders finds its items by their deadlines again: the day kept for each item (088) cost
-- every hand-in and every new deadline a write, and under kills at full size the scan did not come to an end.
drop trigger ladder on rectifications;
drop function look_at_ladder();
drop index rectifications_rung;
alter table rectifications drop column rung_on;
alter table rounds drop column ladder;

-- +goose Down
alter table rounds add column ladder jsonb;
alter table rectifications add column rung_on date default '-infinity';
create index rectifications_rung on rectifications (tenant_id, rung_on, finding_id) where state <> 'closed' and rung_on is not null;
-- +goose StatementBegin
create function look_at_ladder() returns trigger
    language plpgsql as $$
begin
    new.rung_on := '-infinity';
    return new;
end
$$;
-- +goose StatementEnd
create trigger ladder before update of due_on, due_version on rectifications for each row
    when (old.due_on is distinct from new.due_on or old.due_version <> new.due_version)
    execute function look_at_ladder();
