-- needs: store_refused
-- A number for a column numeric(digits, behind): it is never rounded.
CREATE OR REPLACE FUNCTION outgrow.store_numeric(
  x numeric, digits int, behind int, place text
) RETURNS numeric LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x IN ('Infinity', '-Infinity') OR round(x, behind) <> x
    OR abs(x) >= 10::numeric ^ (digits - behind) THEN
    PERFORM outgrow.store_refused(x::text, format('numeric(%s,%s)', digits, behind), place);
  END IF;
  RETURN x;
END
$$;
