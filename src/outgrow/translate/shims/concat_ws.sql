-- concat_ws(): PostgreSQL's own is not immutable, because it takes values of any type.
CREATE OR REPLACE FUNCTION outgrow.concat_ws(separator text, parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_string(parts, separator)
$$;
