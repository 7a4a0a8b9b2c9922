-- +goose Up
-- Who of another level looked (上级查阅): a few of an office's entries.
create index journal_looks on journal (tenant_id, at) where actor_tenant <> tenant_id and action like '%-above';

-- +goose Down
drop index journal_looks;
