-- needs: any_exact, number_text
-- A value of any class as the text that SQLite prints; the bytes of a blob are UTF-8.
CREATE OR REPLACE FUNCTION outgrow.any_text(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE jsonb_typeof(v)
    WHEN 'string' THEN v #>> '{}'
    WHEN 'number' THEN outgrow.number_text(v::numeric)
    WHEN 'object' THEN CASE
      WHEN v ? 'blob' THEN convert_from(decode(v ->> 'blob', 'hex'), 'UTF8')
      WHEN v ->> 'real' = 'Infinity' THEN 'Inf'
      WHEN v ? 'real' THEN '-Inf'
      ELSE outgrow.any_exact(v)::text
    END
  END;
END
$$;
