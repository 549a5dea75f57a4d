-- A blob as a value of any class.
CREATE OR REPLACE FUNCTION outgrow.any_of_blob(x bytea) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT jsonb_build_object('blob', encode(x, 'hex'))
$$;
