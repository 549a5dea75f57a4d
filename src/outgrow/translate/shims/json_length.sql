-- json_array_length(): 0 for what is no array.
CREATE OR REPLACE FUNCTION outgrow.json_length(x json) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN json_typeof(x) = 'array' THEN json_array_length(x) ELSE 0 END
$$;
