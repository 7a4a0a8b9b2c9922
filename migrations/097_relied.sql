-- +goose Up
-- A file on whose strength something was asked for, proposed or said stays: it is replaced, not withdrawn.
alter table evidence add column relied boolean not null default false;
grant select, update on evidence to xuncha_sec;

-- +goose StatementBegin
-- Marks the files that a row names in the column of the argument.
create function sec.rely() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update evidence e set relied = true
    where e.tenant_id = new.tenant_id and e.finding_id = new.finding_id and not e.relied
      and e.id in (select f::uuid from jsonb_array_elements_text(to_jsonb(new) -> tg_argv[0]) f);
    return null;
end
$$;
-- +goose StatementEnd
revoke execute on function sec.rely() from public;
alter function sec.rely() owner to xuncha_sec;
create trigger rely after insert on extensions for each row execute function sec.rely('evidence');
create trigger rely after insert on long_reviews for each row execute function sec.rely('evidence');
create trigger rely after update of answer_files on doubts for each row
    when (new.answer_files <> old.answer_files) execute function sec.rely('answer_files');

alter table evidence no force row level security;
alter table extensions no force row level security;
alter table long_reviews no force row level security;
alter table doubts no force row level security;
update evidence e set relied = true
where exists (select from extensions x where (x.tenant_id, x.finding_id) = (e.tenant_id, e.finding_id) and e.id = any(x.evidence))
   or exists (select from long_reviews l where (l.tenant_id, l.finding_id) = (e.tenant_id, e.finding_id) and e.id = any(l.evidence))
   or exists (select from doubts d where (d.tenant_id, d.finding_id) = (e.tenant_id, e.finding_id) and e.id = any(d.answer_files));
alter table evidence force row level security;
alter table extensions force row level security;
alter table long_reviews force row level security;
alter table doubts force row level security;

-- +goose Down
drop trigger rely on doubts;
drop trigger rely on long_reviews;
drop trigger rely on extensions;
drop function sec.rely();
revoke select, update on evidence from xuncha_sec;
alter table evidence drop column relied;
