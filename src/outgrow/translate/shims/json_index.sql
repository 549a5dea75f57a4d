-- The place from 0 that a step of a JSON path means in an array of so many elements; it may be one
-- that the array does not have.
CREATE OR REPLACE FUNCTION outgrow.json_index(step text, size int) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN step LIKE '[-%' THEN size - substr(step, 3)::numeric
    ELSE substr(step, 2)::numeric
  END
$$;
