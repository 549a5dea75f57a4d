-- Whether a text is JSON as RFC 8259 says.
CREATE OR REPLACE FUNCTION outgrow.json_valid(x text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM x::json;
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END
$$;
