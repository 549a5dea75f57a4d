-- Whether numeric affinity makes a number of a text.
-- https://www.sqlite.org/datatype3.html#type_affinity
CREATE OR REPLACE FUNCTION outgrow.is_number(t text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT t ~ '^[ \t\n\v\f\r]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t\n\v\f\r]*$'
$$;
