-- needs: json_body, json_children, json_head, json_index, json_key
-- Where a path leads in SQLite's binary form of JSON: the place of the value, and the number that
-- json_tree() gives it, which in an object is the place of its label; "leads" tells whether it is
-- the first child of its parent. https://www.sqlite.org/jsonb.html
CREATE OR REPLACE FUNCTION outgrow.json_place(
  x json, steps text[], OUT at bigint, OUT id bigint, OUT leads boolean
) RETURNS record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  step text;
  size int;
  child record;
BEGIN
  at := 0;
  id := 0;
  FOREACH step IN ARRAY steps LOOP
    size := CASE WHEN json_typeof(x) = 'array' THEN json_array_length(x) END;
    at := at + outgrow.json_head(outgrow.json_body(x));
    FOR child IN SELECT * FROM outgrow.json_children(x) AS m ORDER BY m.place LOOP
      id := at;
      IF child.label IS NOT NULL THEN
        at := at + outgrow.json_head(octet_length(child.label) - 2) + octet_length(child.label) - 2;
      END IF;
      EXIT WHEN CASE WHEN step LIKE '[%'
        THEN child.index = outgrow.json_index(step, size) ELSE child.key = outgrow.json_key(step) END;
      at := at + outgrow.json_body(child.value) + outgrow.json_head(outgrow.json_body(child.value));
    END LOOP;
    x := child.value;
    leads := child.place = 0;
  END LOOP;
END
$$;
