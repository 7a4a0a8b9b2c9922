-- +goose Up
-- +goose StatementBegin
-- When a session ends: by resting, and at the latest. To ask is no sign of life: whoever is warned
-- must say that he is there.
create function sec.session_ends(key bytea, at timestamptz, out rests_at timestamptz, out ends_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select least(s.seen_at + s.idle, s.ends_at), s.ends_at
    from sec.sessions s
    where s.token = key and s.ended_at is null and at < s.ends_at and at - s.seen_at <= s.idle
$$;
-- +goose StatementEnd
alter function sec.session_ends(bytea, timestamptz) owner to xuncha_sec;
grant execute on function sec.session_ends(bytea, timestamptz) to xuncha_app;

-- +goose Down
drop function sec.session_ends(bytea, timestamptz);
