-- needs: real_text
-- A number of either class as SQLite prints it.
CREATE OR REPLACE FUNCTION outgrow.number_text(x numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN scale(x) = 0 THEN x::text ELSE outgrow.real_text(x::double precision) END
$$;
