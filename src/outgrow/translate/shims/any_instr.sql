-- needs: any_text
-- instr() of values of any class: bytes where both are blobs, else characters.
CREATE OR REPLACE FUNCTION outgrow.any_instr(v jsonb, part jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(v) = 'object' AND v ? 'blob' AND jsonb_typeof(part) = 'object' AND part ? 'blob'
  THEN
    RETURN position(decode(part ->> 'blob', 'hex') IN decode(v ->> 'blob', 'hex'));
  END IF;
  RETURN strpos(outgrow.any_text(v), outgrow.any_text(part));
END
$$;
