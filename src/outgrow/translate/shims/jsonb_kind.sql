-- json_type() of a part of jsonb. https://www.sqlite.org/json1.html#the_json_type_function
CREATE OR REPLACE FUNCTION outgrow.jsonb_kind(x jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(x)
    WHEN 'string' THEN 'text'
    WHEN 'number' THEN CASE WHEN strpos(x::text, '.') > 0 THEN 'real' ELSE 'integer' END
    WHEN 'boolean' THEN x::text
    ELSE jsonb_typeof(x)
  END
$$;
