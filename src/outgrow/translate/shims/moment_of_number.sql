-- A Julian day, or with unixepoch seconds since 1970, as a moment; NULL outside SQLite's years.
CREATE OR REPLACE FUNCTION outgrow.moment_of_number(x double precision, unixepoch boolean)
RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN unixepoch AND x >= -210866760000 AND x < 253402300800
      THEN floor(x * 1000 + 210866760000000 + 0.5)::bigint
    WHEN NOT unixepoch AND x >= 0 AND x < 5373484.5
      THEN floor(x * 86400000 + 0.5)::bigint
  END::numeric
$$;
