-- +goose Up
-- Everybody who wrote in an edition, not the last alone: none of them may approve it.
alter table disclosure_editions add column editors uuid[] not null default '{}';
update disclosure_editions set editors = array[edited_by] where edited_by is not null;

-- +goose StatementBegin
create function add_editor() returns trigger
    language plpgsql as $$
begin
    if new.edited_by <> all (new.editors) then
        new.editors := new.editors || new.edited_by;
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create trigger editors before insert or update of edited_by on disclosure_editions for each row
    when (new.edited_by is not null) execute function add_editor();

-- +goose Down
drop trigger editors on disclosure_editions;
drop function add_editor();
alter table disclosure_editions drop column editors;
