-- needs: any_text
-- length() of a value of any class: characters of a text or number, bytes of a blob.
CREATE OR REPLACE FUNCTION outgrow.any_length(v jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'blob' THEN RETURN length(v ->> 'blob') / 2; END IF;
  RETURN length(outgrow.any_text(v));
END
$$;
