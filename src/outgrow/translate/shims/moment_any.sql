-- needs: moment_present, moment_raw, moment_read
-- A value of any storage class as a moment; "present" is NULL where only what never changes may
-- stand.
CREATE OR REPLACE FUNCTION outgrow.moment_any(v jsonb, present timestamptz)
RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  written text;
BEGIN
  IF jsonb_typeof(v) = 'number' THEN
    RETURN outgrow.moment_raw(v::double precision);
  ELSIF jsonb_typeof(v) = 'object' AND v ? 'real' THEN
    RETURN outgrow.moment_raw((v ->> 'real')::double precision);
  ELSIF jsonb_typeof(v) = 'object' THEN
    -- SQLite reads the bytes of a blob up to the first zero.
    written := split_part(encode(decode(v ->> 'blob', 'hex'), 'escape'), E'\\000', 1);
  ELSE
    written := v #>> '{}';
  END IF;
  RETURN outgrow.moment_read(COALESCE(outgrow.moment_present(written, present), written));
END
$$;
