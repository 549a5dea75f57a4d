-- A text as a value of any class.
CREATE OR REPLACE FUNCTION outgrow.any_of_text(x text) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT to_jsonb(x)
$$;
