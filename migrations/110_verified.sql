-- +goose Up
-- Whoever checks what was signed reads the snapshots that scores rest on, and of the group's work nothing else.
drop policy own_office on evaluation_snapshots;
create policy own_office on evaluation_snapshots as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and (current_setting('app.role') = 'SYS' or exists (
        select from evaluation_sheets s
        where s.tenant_id = evaluation_snapshots.tenant_id and s.evaluation_id = evaluation_snapshots.evaluation_id)));

-- +goose Down
drop policy own_office on evaluation_snapshots;
create policy own_office on evaluation_snapshots as restrictive to xuncha_app using (
    tenant_id = current_setting('app.tenant')::int and exists (
        select from evaluation_sheets s
        where s.tenant_id = evaluation_snapshots.tenant_id and s.evaluation_id = evaluation_snapshots.evaluation_id));
