-- needs: real_text
-- A number of either class as SQLite prints it.
CREATE OR REPLACE FUNCTION outgrow.number_text(x numeric) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF scale(x) = 0 THEN RETURN x::text; END IF;
  RETURN outgrow.real_text(x::double precision);
END
$$;
