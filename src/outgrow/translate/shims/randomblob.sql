-- Random bytes; at least one, as in SQLite.
CREATE OR REPLACE FUNCTION outgrow.randomblob(count bigint) RETURNS bytea
LANGUAGE sql VOLATILE STRICT PARALLEL SAFE AS $$
  SELECT substr(string_agg(decode(
      substr(replace(gen_random_uuid()::text, '-', ''), 19), 'hex'), ''), 1,
      greatest(count, 1)::int)
  FROM generate_series(1, greatest(count, 1) / 7 + 1)
$$;
