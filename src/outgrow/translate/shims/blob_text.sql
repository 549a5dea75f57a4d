-- The text that the bytes of a blob are; an error where they are no UTF-8.
CREATE OR REPLACE FUNCTION outgrow.blob_text(x bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT convert_from(x, 'UTF8')
$$;
