-- needs: json_valid, store_refused
-- A text for a jsonb column, which would drop the first of two keys of one name, refuse half a
-- surrogate pair or NUL, and write out a number with an exponent.
CREATE OR REPLACE FUNCTION outgrow.store_jsonb(x text, place text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kept jsonb;
BEGIN
  kept := x::jsonb;
  IF NOT EXISTS (
    WITH RECURSIVE parts(part) AS (
      SELECT x::json
      UNION ALL
      SELECT member.value FROM parts CROSS JOIN LATERAL (
        SELECT value FROM json_each(CASE json_typeof(part) WHEN 'object' THEN part END)
        UNION ALL
        SELECT value FROM json_array_elements(CASE json_typeof(part) WHEN 'array' THEN part END)
      ) AS member
    )
    SELECT FROM parts WHERE CASE json_typeof(part)
      WHEN 'number' THEN part::text ~ '[eE]'
        AND part::text::numeric <> part::text::numeric::double precision::numeric
      WHEN 'object' THEN (SELECT count(*) <> count(DISTINCT key) FROM json_each(part))
    END
  ) THEN
    RETURN kept;
  END IF;
  PERFORM outgrow.store_refused('the text ' || quote_literal(left(x, 80)), 'jsonb', place);
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  PERFORM outgrow.store_refused('the text ' || quote_literal(left(x, 80)), 'jsonb', place);
END
$$;
