-- An index on the right side of -> and ->> as a step: from the end where it is negative.
CREATE OR REPLACE FUNCTION outgrow.json_index_steps(index bigint) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ARRAY['[' || index::text]
$$;
