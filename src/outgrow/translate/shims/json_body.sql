-- needs: json_head, json_members
-- How many bytes a part of JSON takes in SQLite's binary form, its head apart: json_tree() numbers
-- the parts by their places in it. https://www.sqlite.org/jsonb.html
CREATE OR REPLACE FUNCTION outgrow.json_body(x json) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kind text := json_typeof(x);
BEGIN
  IF kind = 'object' THEN
    RETURN COALESCE((
      SELECT sum(outgrow.json_head(s.label) + s.label + outgrow.json_head(s.body) + s.body)
      FROM (
        SELECT octet_length(m.label)::bigint - 2, outgrow.json_body(m.value)
        FROM outgrow.json_members(x) AS m
      ) AS s(label, body)
    ), 0);
  END IF;
  IF kind = 'array' THEN
    RETURN COALESCE((
      SELECT sum(outgrow.json_head(s.body) + s.body)
      FROM (SELECT outgrow.json_body(m.value) FROM json_array_elements(x) AS m) AS s(body)
    ), 0);
  END IF;
  RETURN CASE kind
    WHEN 'string' THEN octet_length(btrim(x::text, E' \t\n\r')) - 2
    WHEN 'number' THEN octet_length(btrim(x::text, E' \t\n\r'))
    ELSE 0
  END;
END
$$;
