-- +goose Up
-- What the director asks of a unit after a visit (督办单), as it was sent, and what the unit says to it.
alter table check_results
    add column number text not null default '',
    add column letter jsonb,                   -- the text as sent
    add column digest bytea,                   -- SHA-256 of it
    add column answer_on date,                 -- when the answer is due
    add constraint check_results_letter check ((letter is null) = (digest is null));

-- A letter is answered once; nobody changes an answer.
create table check_answers (
    tenant_id   int not null default current_tenant() references tenants on update cascade,
    visit_id    uuid not null,
    unit_id     uuid not null,
    text        text not null,
    answered_by text not null,
    answered_at timestamptz not null,
    primary key (tenant_id, visit_id),
    foreign key (tenant_id, visit_id) references check_results on update cascade,
    foreign key (tenant_id, unit_id) references units on update cascade
);
call sec.guard('check_answers', unit => 'unit_id');
revoke update on check_answers from xuncha_app, xuncha_jobs;
drop policy changing on check_answers;
create policy by_unit on check_answers as restrictive for insert to xuncha_app with check (
    current_setting('app.unit') <> '');

-- +goose Down
drop table check_answers;
alter table check_results
    drop column answer_on, drop column digest, drop column letter, drop column number;
