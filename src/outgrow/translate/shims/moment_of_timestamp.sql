-- A timestamp as a moment: milliseconds since noon of -4713-11-24; SQLite reads no fraction
-- above .999.
CREATE OR REPLACE FUNCTION outgrow.moment_of_timestamp(x timestamp) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT extract(epoch FROM date_trunc('second', x))::numeric * 1000 + 210866760000000
    + least(extract(microseconds FROM x)::numeric % 1000000 / 1000, 999)
$$;
