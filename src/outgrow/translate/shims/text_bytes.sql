-- The bytes of a text; convert_to itself is only STABLE because conversions can be replaced.
CREATE OR REPLACE FUNCTION outgrow.text_bytes(x text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT convert_to(x, 'UTF8')
$$;
