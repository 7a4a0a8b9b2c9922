-- +goose Up
-- What the leading group writes on a letter is part of the text that it signs.
alter table letters drop column words;

-- +goose Down
alter table letters add column words text not null default '';
