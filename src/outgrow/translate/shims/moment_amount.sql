-- needs: text_number
-- A number at the whole of a text, as SQLite reads it beside spaces; NULL where there is none.
CREATE OR REPLACE FUNCTION outgrow.moment_amount(x text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x ~ '^[+-]?[0-9]{1,15}$' THEN
    RETURN x;
  ELSIF x ~ '^[ \t\n\v\f\r]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t\n\v\f\r]*$' THEN
    RETURN outgrow.text_number(x);
  END IF;
  RETURN NULL;
END
$$;
