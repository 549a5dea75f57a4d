-- How many bytes SQLite's binary JSON takes to tell how many follow.
-- https://www.sqlite.org/jsonb.html
CREATE OR REPLACE FUNCTION outgrow.json_head(size bigint) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN size <= 11 THEN 1 WHEN size <= 255 THEN 2 WHEN size <= 65535 THEN 3 ELSE 5 END
$$;
