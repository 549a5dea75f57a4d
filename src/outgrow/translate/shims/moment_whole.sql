-- A moment in whole milliseconds: SQLite rounds its seconds, a double, to get there.
CREATE OR REPLACE FUNCTION outgrow.moment_whole(moment numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (moment - mod(moment, 60000))::bigint
    + floor((mod(moment, 60000) / 1000)::double precision * 1000 + 0.5)::bigint
$$;
