-- How far apart the moments are that a shape tells apart.
CREATE OR REPLACE FUNCTION outgrow.shape_unit(shape text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN length(shape) = 10 THEN interval '1 day'
    WHEN shape NOT LIKE '%:SS%' THEN interval '1 minute'
    ELSE interval '1 microsecond' * power(10, 6 - length(shape) + length(replace(shape, 'f', '')))
  END;
END
$$;
