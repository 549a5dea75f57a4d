-- needs: any_number, dynamic
-- abs() of a value of any class: of an integer an integer, of anything else a real.
CREATE OR REPLACE FUNCTION outgrow.any_abs(v jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  x numeric := abs(outgrow.any_number(v));
BEGIN
  IF jsonb_typeof(v) = 'number' OR scale(x) > 0 THEN
    IF x > 9223372036854775807 AND scale(x) = 0 THEN
      RAISE EXCEPTION 'integer overflow' USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    RETURN x;
  END IF;
  RETURN outgrow.dynamic(x::double precision);
END
$$;
