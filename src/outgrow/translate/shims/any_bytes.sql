-- needs: any_text, text_bytes
-- The bytes of a value of any class: of a blob itself, of anything else those of its text.
CREATE OR REPLACE FUNCTION outgrow.any_bytes(v jsonb) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'blob' THEN RETURN decode(v ->> 'blob', 'hex'); END IF;
  RETURN outgrow.text_bytes(outgrow.any_text(v));
END
$$;
