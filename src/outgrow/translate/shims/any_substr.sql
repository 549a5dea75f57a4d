-- needs: any_of_blob, any_text, blob_substr, substr
-- substr() of a value of any class: bytes of a blob, else characters.
CREATE OR REPLACE FUNCTION outgrow.any_substr(
  v jsonb, start bigint, count bigint DEFAULT 9223372036854775807) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'blob' THEN
    RETURN outgrow.any_of_blob(outgrow.blob_substr(decode(v ->> 'blob', 'hex'), start, count));
  END IF;
  RETURN to_jsonb(outgrow.substr(outgrow.any_text(v), start, count));
END
$$;
