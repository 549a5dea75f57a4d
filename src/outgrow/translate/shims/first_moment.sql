-- needs: searched_moment, spelled_moment
-- The first moment of the years 1 to 9999 whose text in this shape is not below x; infinity where
-- there is none. The texts have to sort as their moments do.
CREATE OR REPLACE FUNCTION outgrow.first_moment(x text, shape text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  moment timestamp := outgrow.spelled_moment(x, shape);
BEGIN
  IF moment <> 'infinity' THEN RETURN moment; END IF;
  RETURN outgrow.searched_moment(x, shape, false);
END
$$;
