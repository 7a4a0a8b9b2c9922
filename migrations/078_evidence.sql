-- +goose Up
-- A file that a unit handed in for one item may prove another: the same stored file (blob), a row of its own
-- with its own explanation.

alter table evidence
    add column reuses uuid,                    -- the evidence whose file this is; null for one that was uploaded
    add constraint evidence_reuses foreign key (tenant_id, reuses) references evidence (tenant_id, id) on update cascade,
    add constraint evidence_reuse_explained check (reuses is null or note <> '');

-- +goose Down
alter table evidence drop column reuses;
