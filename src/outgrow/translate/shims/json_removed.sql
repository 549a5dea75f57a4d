-- needs: json_edited
-- Minified JSON without what is at a path. NULL for a path that is NULL.
CREATE OR REPLACE FUNCTION outgrow.json_removed(x json, steps text[]) RETURNS json
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT outgrow.json_edited(x, steps, '', 'remove')
$$;
