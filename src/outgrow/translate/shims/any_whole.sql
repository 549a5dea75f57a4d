-- needs: text_whole
-- A value of any class as the number that mathematical functions take: NULL for a blob, and for a
-- text that is not a number as a whole. https://www.sqlite.org/lang_mathfunc.html
CREATE OR REPLACE FUNCTION outgrow.any_whole(v jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE jsonb_typeof(v)
    WHEN 'number' THEN v::numeric
    WHEN 'string' THEN outgrow.text_whole(v #>> '{}')
    ELSE (v ->> 'real')::numeric
  END;
END
$$;
