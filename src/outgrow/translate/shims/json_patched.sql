-- needs: json_members
-- json_patch(): RFC 7396, the order of the keys kept. Both are minified.
-- https://www.sqlite.org/json1.html#the_json_patch_function
CREATE OR REPLACE FUNCTION outgrow.json_patched(x json, y json) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  keys text[] := '{}';
  labels text[] := '{}';
  parts text[] := '{}';
  patch record;
  at int;
BEGIN
  IF json_typeof(y) <> 'object' THEN RETURN y; END IF;
  IF json_typeof(x) = 'object' THEN
    SELECT COALESCE(array_agg(m.key ORDER BY m.place), '{}'),
      COALESCE(array_agg(m.label ORDER BY m.place), '{}'),
      COALESCE(array_agg(m.value::text ORDER BY m.place), '{}')
    INTO keys, labels, parts FROM outgrow.json_members(x) AS m;
  END IF;
  FOR patch IN SELECT * FROM outgrow.json_members(y) AS m ORDER BY m.place LOOP
    at := array_position(keys, patch.key);
    IF json_typeof(patch.value) = 'null' THEN
      -- A place is emptied, not taken away: an equal key behind it is then the first one.
      IF at IS NOT NULL THEN
        keys[at] := NULL;
        parts[at] := NULL;
      END IF;
    ELSIF at IS NULL THEN
      keys := keys || patch.key;
      labels := labels || patch.label;
      parts := parts || outgrow.json_patched('null', patch.value)::text;
    ELSE
      parts[at] := outgrow.json_patched(parts[at]::json, patch.value)::text;
    END IF;
  END LOOP;
  RETURN '{' || COALESCE((
    SELECT string_agg(m.label || ':' || m.part, ',' ORDER BY m.place)
    FROM unnest(labels, parts) WITH ORDINALITY AS m(label, part, place)
  ), '') || '}';
END
$$;
