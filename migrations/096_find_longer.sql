-- +goose Up
-- A longer word is looked for in few pages: only in those that have each two of its characters side by side, the
-- newest first, until there are as many as are wanted.

-- +goose StatementBegin
create or replace function sec.publications_saying(words text[], of_year int, most int)
    returns table (tenant_id int, number text, edition int)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    asked text[] := array(select lower(normalize(w, nfkc)) from unnest(words) w);
    pairs text[] := array(select distinct substr(w, n, 2) from unnest(asked) w, generate_series(1, length(w) - 1) n);
    longer text[] := array(select w from unnest(asked) w where length(w) > 2);
begin
    -- With the words written into it: what is rare and what is common are planned differently. The text is read
    -- when a page's turn comes ("offset 0" keeps the planner from reading all of them before).
    return query execute format($q$
        select c.tenant_id, c.number, c.edition
        from (
            select p.tenant_id, p.number, p.edition, p.published_at
            from publications p
            where p.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
              and p.superseded_at is null and p.withdrawn_at is null and (%1$s = 0 or p.year = %1$s)
              and sec.bigrams(p.said) collate "C" @> %2$L::text[]
            order by p.published_at desc, p.number
            offset 0) c
        where cardinality(%3$L::text[]) = 0 or (
            select not exists (select from unnest(%3$L::text[]) w where strpos(p.said, w) = 0)
            from publications p
            where (p.tenant_id, p.number, p.edition) = (c.tenant_id, c.number, c.edition))
        order by c.published_at desc, c.number
        limit %4$s $q$, of_year, pairs, longer, most);
end
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function sec.publications_saying(words text[], of_year int, most int)
    returns table (tenant_id int, number text, edition int)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    asked text[] := array(select lower(normalize(w, nfkc)) from unnest(words) w);
    pairs text[] := array(
        select distinct substr(w, n, 2) from unnest(asked) w, generate_series(1, length(w) - 1) n
        where n % 2 = 1 or n = length(w) - 1);
    longer text[] := array(select w from unnest(asked) w where length(w) > 2);
begin
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
