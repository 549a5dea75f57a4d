-- needs: real_json
-- A number of either class as SQLite writes it into JSON.
CREATE OR REPLACE FUNCTION outgrow.number_json(x numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN scale(x) = 0 THEN x::text
    ELSE outgrow.real_json(x::double precision)
  END
$$;
