-- A number of either class (its scale tells which) as a value of any class.
CREATE OR REPLACE FUNCTION outgrow.any_of_number(x numeric) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN x IN ('Infinity', '-Infinity') THEN jsonb_build_object('real', x::text)
    ELSE to_jsonb(x)
  END;
END
$$;
