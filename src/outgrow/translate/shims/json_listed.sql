-- needs: json_minified
-- A part of JSON as json_extract() of several paths puts it into an array: as it is, null for none.
CREATE OR REPLACE FUNCTION outgrow.json_listed(x json) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(outgrow.json_minified(x), 'null')
$$;
