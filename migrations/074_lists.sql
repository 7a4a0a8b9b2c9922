-- +goose Up
-- What looking further found elsewhere (举一反三), beside the other outcomes of a case.
alter table rectifications add column elsewhere text not null default '';

-- 责任清单 and 任务清单 ask for the measures of one leader or department of an office.
create index measures_leader on measures (tenant_id, leader, department);

-- +goose Down
drop index measures_leader;
alter table rectifications drop column elsewhere;
