-- json_type() of a part of JSON. https://www.sqlite.org/json1.html#the_json_type_function
CREATE OR REPLACE FUNCTION outgrow.json_kind(x json) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE json_typeof(x)
    WHEN 'string' THEN 'text'
    WHEN 'number' THEN CASE WHEN x::text ~ '[.eE]' THEN 'real' ELSE 'integer' END
    WHEN 'boolean' THEN btrim(x::text, E' \t\n\r')
    ELSE json_typeof(x)
  END
$$;
