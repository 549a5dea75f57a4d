-- How the path to a child goes on behind that to its parent: [3], .key or ."any key".
CREATE OR REPLACE FUNCTION outgrow.json_suffix(index int, label text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN index IS NOT NULL THEN '[' || index || ']'
    WHEN label ~ '^"[A-Za-z][A-Za-z0-9]*"$' THEN '.' || btrim(label, '"')
    WHEN label IS NOT NULL THEN '.' || label
    ELSE ''
  END
$$;
