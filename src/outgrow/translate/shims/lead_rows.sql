-- The offset of lead(): beyond any number of rows there is none.
CREATE OR REPLACE FUNCTION outgrow.lead_rows(n bigint) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT greatest(least(n, 2147483647), -2147483647)::int
$$;
