-- +goose Up
-- Search over what was published. Two characters are the usual query, and row security keeps an index of parts of
-- words from being used; so a function finds the rows, and the public's login reads them under its own policy.

-- +goose StatementBegin
-- The words of a publication as a search looks at them: small, full width made plain. Only of the approved bytes.
create function sec.said(data bytea) returns text
    language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select lower(normalize(concat_ws(E'\n', d ->> 'title', d ->> 'unit', d ->> 'number', d ->> 'round', d ->> 'organisation',
        d ->> 'head_duty', d ->> 'transfers', d ->> 'next_steps', d ->> 'correction', (
            select string_agg(concat_ws(E'\n', i ->> 'title', i ->> 'problem', i ->> 'result', i ->> 'rules',
                i ->> 'reason', i ->> 'goal', i ->> 'lead'), E'\n')
            from jsonb_array_elements(d -> 'items') i)), nfkc))
    from (select convert_from(data, 'utf8')::jsonb d) document
$$;

-- Every two characters that stand side by side, each once, in an order that knows no language and is quick.
create function sec.bigrams(said text) returns text[]
    language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select array(select distinct (a || b) collate "C" from unnest(chars, chars[2:]) u(a, b) where b is not null)
    from (select string_to_array(said, null) chars) split
$$;
-- +goose StatementEnd
grant execute on function sec.said(bytea), sec.bigrams(text) to xuncha_app, xuncha_jobs, xuncha_sec;

alter table publications add column said text not null generated always as (sec.said(data)) stored;
create index publications_said on publications using gin ((sec.bigrams(said) collate "C"))
    where superseded_at is null and withdrawn_at is null;

-- +goose StatementBegin
-- The newest of the pages at and below an office that say all the words, of one year or (0) of any. A word has two
-- characters at least. The bigrams of a longer word are found apart and the word is then looked for; of one of two
-- characters they are the word.
create function sec.publications_saying(words text[], of_year int, most int)
    returns table (tenant_id int, number text, edition int)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    asked text[] := array(select lower(normalize(w, nfkc)) from unnest(words) w);
    pairs text[] := array(
        select distinct substr(w, n, 2) from unnest(asked) w, generate_series(1, length(w) - 1) n
        where n % 2 = 1 or n = length(w) - 1);
    longer text[] := array(select w from unnest(asked) w where length(w) > 2);
begin
    -- With the words written into it: what is rare and what is common are planned differently.
    return query execute format($q$
        select p.tenant_id, p.number, p.edition
        from publications p
        where p.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
          and p.superseded_at is null and p.withdrawn_at is null and (%1$s = 0 or p.year = %1$s)
          and sec.bigrams(p.said) collate "C" @> %2$L::text[]
          and not exists (select from unnest(%3$L::text[]) w where strpos(p.said, w) = 0)
        order by p.published_at desc, p.number
        limit %4$s $q$, of_year, pairs, longer, most);
end
$$;
-- +goose StatementEnd
grant select on publications to xuncha_sec;
grant execute on function sec.publications_saying(text[], int, int) to xuncha_public;
alter function sec.publications_saying(text[], int, int) owner to xuncha_sec;

-- +goose Down
drop function sec.publications_saying(text[], int, int);
drop index publications_said;
alter table publications drop column said;
drop function sec.bigrams(text), sec.said(bytea);
