-- needs: text_json
-- What json_each() gives for jsonb: the index in an array, the key in an object.
-- https://www.sqlite.org/json1.html#the_json_each_and_json_tree_table_valued_functions
CREATE OR REPLACE FUNCTION outgrow.jsonb_children(
  x jsonb, OUT place int, OUT index int, OUT key text, OUT label text, OUT value jsonb
) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(x) = 'object' THEN
    RETURN QUERY
      SELECT (m.place - 1)::int, NULL::int, m.key, outgrow.text_json(m.key), m.value
      FROM jsonb_each(x) WITH ORDINALITY AS m(key, value, place);
  ELSIF jsonb_typeof(x) = 'array' THEN
    RETURN QUERY
      SELECT (m.place - 1)::int, (m.place - 1)::int, NULL, NULL, m.value
      FROM jsonb_array_elements(x) WITH ORDINALITY AS m(value, place);
  ELSE
    place := 0;
    value := x;
    RETURN NEXT;
  END IF;
END
$$;
