-- needs: json_body, json_children, json_head, json_lookup, json_place
-- The number that json_each() gives to a child of what a path finds.
CREATE OR REPLACE FUNCTION outgrow.json_each_id(x json, steps text[], place int) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  parent json := outgrow.json_lookup(x, steps);
  root record := outgrow.json_place(x, steps);
BEGIN
  IF json_typeof(parent) NOT IN ('object', 'array') THEN RETURN root.id; END IF;
  RETURN root.at + outgrow.json_head(outgrow.json_body(parent)) + COALESCE((
    SELECT sum(COALESCE(outgrow.json_head(s.label) + s.label, 0) + outgrow.json_head(s.body) + s.body)
    FROM (
      SELECT octet_length(m.label)::bigint - 2, outgrow.json_body(m.value)
      FROM outgrow.json_children(parent) AS m WHERE m.place < json_each_id.place
    ) AS s(label, body)
  ), 0);
END
$$;
