-- needs: any_text
-- quote() of a value of any class.
CREATE OR REPLACE FUNCTION outgrow.any_quote(v jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN jsonb_typeof(v) = 'string' THEN '''' || replace(v #>> '{}', '''', '''''') || ''''
    WHEN jsonb_typeof(v) = 'object' AND v ? 'blob'
      THEN 'X''' || upper((v ->> 'blob') COLLATE "C") || ''''
    ELSE replace(outgrow.any_text(v), 'Inf', '9.0e+999')
  END;
END
$$;
