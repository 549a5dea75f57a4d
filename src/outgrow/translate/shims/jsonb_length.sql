-- json_array_length() of jsonb: 0 for what is no array.
CREATE OR REPLACE FUNCTION outgrow.jsonb_length(x jsonb) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(x) = 'array' THEN jsonb_array_length(x) ELSE 0 END
$$;
