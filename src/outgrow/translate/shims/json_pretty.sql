-- needs: json_members
-- json_pretty(): an element a line. https://www.sqlite.org/json1.html#the_json_pretty_function
CREATE OR REPLACE FUNCTION outgrow.json_pretty(x json, indent text, margin text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  inside text := margin || indent;
  lines text;
BEGIN
  IF json_typeof(x) = 'object' THEN
    SELECT string_agg(inside || m.label || ': ' || outgrow.json_pretty(m.value, indent, inside),
      E',\n' ORDER BY m.place)
    INTO lines FROM outgrow.json_members(x) AS m;
    RETURN COALESCE(E'{\n' || lines || E'\n' || margin || '}', '{}');
  END IF;
  IF json_typeof(x) = 'array' THEN
    SELECT string_agg(inside || outgrow.json_pretty(m.value, indent, inside), E',\n' ORDER BY m.place)
    INTO lines FROM json_array_elements(x) WITH ORDINALITY AS m(value, place);
    RETURN COALESCE(E'[\n' || lines || E'\n' || margin || ']', '[]');
  END IF;
  RETURN btrim(x::text, E' \t\n\r');
END
$$;
