-- needs: json5_valid
-- json_error_position(): 0 for JSON. Where SQLite stops reading anything else is not worked out.
-- https://www.sqlite.org/json1.html#the_json_error_position_function
CREATE OR REPLACE FUNCTION outgrow.json_error_position(x text) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF NOT outgrow.json5_valid(x) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = 'json_error_position() of a text that is not JSON',
      HINT = 'Test it with json_valid(x, 2).';
  END IF;
  RETURN 0;
END
$$;
