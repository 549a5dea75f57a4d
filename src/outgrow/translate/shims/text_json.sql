-- A text as a string of JSON. to_json is not immutable, because of times; of a text it is.
CREATE OR REPLACE FUNCTION outgrow.text_json(x text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN to_json(x)::text;
END
$$;
