-- needs: json_members
-- What json_each() gives: the index in an array; the key in an object, also as it was written;
-- neither for a scalar.
-- https://www.sqlite.org/json1.html#the_json_each_and_json_tree_table_valued_functions
CREATE OR REPLACE FUNCTION outgrow.json_children(
  x json, OUT place int, OUT index int, OUT key text, OUT label text, OUT value json
) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF json_typeof(x) = 'object' THEN
    RETURN QUERY SELECT m.place, NULL::int, m.key, m.label, m.value FROM outgrow.json_members(x) AS m;
  ELSIF json_typeof(x) = 'array' THEN
    RETURN QUERY
      SELECT (m.place - 1)::int, (m.place - 1)::int, NULL, NULL, m.value
      FROM json_array_elements(x) WITH ORDINALITY AS m(value, place);
  ELSE
    place := 0;
    value := x;
    RETURN NEXT;
  END IF;
END
$$;
