-- needs: json_steps
-- The right side of -> and ->> as steps: a path, [3], or the key of an object.
-- https://www.sqlite.org/json1.html#jptr
CREATE OR REPLACE FUNCTION outgrow.json_label_steps(label text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN label LIKE '$%' THEN outgrow.json_steps(label)
    WHEN label LIKE '[%]' THEN outgrow.json_steps('$' || label)
    WHEN label = '' THEN ARRAY['!']
    ELSE outgrow.json_steps('$."' || label || '"')
  END
$$;
