-- needs: searched_moment, shape_unit, spelled_moment
-- The first moment of the years 1 to 9999 whose text in this shape is above x; infinity where there
-- is none. The texts have to sort as their moments do.
CREATE OR REPLACE FUNCTION outgrow.first_moment_after(x text, shape text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  moment timestamp := outgrow.spelled_moment(x, shape);
BEGIN
  IF moment = 'infinity' THEN RETURN outgrow.searched_moment(x, shape, true); END IF;
  moment := moment + outgrow.shape_unit(shape);
  RETURN CASE WHEN moment < '10000-01-01' THEN moment ELSE 'infinity' END;
END
$$;
