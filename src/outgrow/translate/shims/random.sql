-- Any 64-bit integer.
CREATE OR REPLACE FUNCTION outgrow.random() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT ('x' || substr(replace(gen_random_uuid()::text, '-', ''), 20, 8)
              || substr(replace(gen_random_uuid()::text, '-', ''), 20, 8))::bit(64)::bigint
$$;
