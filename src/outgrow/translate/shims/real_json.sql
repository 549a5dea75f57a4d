-- needs: real_text
-- A real as SQLite writes it into JSON, where an infinite one is a number too large for a double.
CREATE OR REPLACE FUNCTION outgrow.real_json(x double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE x
    WHEN 'Infinity' THEN '9.0e+999'
    WHEN '-Infinity' THEN '-9.0e+999'
    ELSE outgrow.real_text(x)
  END
$$;
