-- The members of an object: their order, the key as it is and as it was written, the value.
CREATE OR REPLACE FUNCTION outgrow.json_members(
  x json, OUT place int, OUT key text, OUT label text, OUT value json
) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text := x::text;
BEGIN
  IF strpos(rest, '\') = 0 THEN
    RETURN QUERY
      SELECT (m.place - 1)::int, m.key, '"' || m.key || '"', m.value
      FROM json_each(x) WITH ORDINALITY AS m(key, value, place);
    RETURN;
  END IF;
  place := -1;
  rest := ltrim(rest, E'{ \t\n\r');
  FOR key, value IN SELECT m.key, m.value FROM json_each(x) AS m LOOP
    place := place + 1;
    label := (regexp_match(rest, '^"(?:[^"\\]|\\.)*"'))[1];
    RETURN NEXT;
    rest := substr(rest, length(label) + 1);
    rest := substr(ltrim(rest, E': \t\n\r'), length(value::text) + 1);
    rest := ltrim(rest, E', \t\n\r');
  END LOOP;
END
$$;
