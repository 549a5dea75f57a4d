-- needs: json_body, json_children, json_head, json_suffix
-- What stands in an object or array, at any depth: see json_tree.
CREATE OR REPLACE FUNCTION outgrow.json_walk(
  x json, x_at bigint, x_id bigint, x_path text,
  OUT index int, OUT key text, OUT value json, OUT id bigint, OUT parent bigint, OUT fullkey text,
  OUT path text
) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  at bigint := x_at + outgrow.json_head(outgrow.json_body(x));
  child record;
BEGIN
  IF json_typeof(x) NOT IN ('object', 'array') THEN RETURN; END IF;
  FOR child IN SELECT * FROM outgrow.json_children(x) AS m ORDER BY m.place LOOP
    index := child.index;
    key := child.key;
    value := child.value;
    id := at;
    parent := x_id;
    fullkey := x_path || outgrow.json_suffix(child.index, child.label);
    path := x_path;
    IF child.label IS NOT NULL THEN
      at := at + outgrow.json_head(octet_length(child.label) - 2) + octet_length(child.label) - 2;
    END IF;
    RETURN NEXT;
    IF json_typeof(value) IN ('object', 'array') THEN
      RETURN QUERY SELECT * FROM outgrow.json_walk(value, at, id, fullkey);
    END IF;
    at := at + outgrow.json_body(child.value) + outgrow.json_head(outgrow.json_body(child.value));
  END LOOP;
END
$$;
