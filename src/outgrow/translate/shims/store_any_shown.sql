-- A value of any class as an error shows it.
CREATE OR REPLACE FUNCTION outgrow.store_any_shown(v jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(v)
    WHEN 'string' THEN 'the text ' || quote_literal(left(v #>> '{}', 80))
    WHEN 'number' THEN
      CASE WHEN scale(v::numeric) = 0 THEN 'the integer ' ELSE 'the real ' END || (v #>> '{}')
    ELSE CASE WHEN v ? 'blob' THEN 'a blob' ELSE 'the real ' || (v ->> 'real') END
  END
$$;
