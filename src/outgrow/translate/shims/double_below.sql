-- The greatest double that is not more than an integer: an integer may have more digits.
CREATE OR REPLACE FUNCTION outgrow.double_below(x bigint) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  nearest double precision := x;
  step double precision := 1;
BEGIN
  IF nearest < 9.2e18 THEN
    IF nearest::bigint <= x THEN RETURN nearest; END IF;
  ELSIF (nearest / 1024)::bigint::numeric * 1024 <= x THEN
    RETURN nearest;
  END IF;
  WHILE nearest - step = nearest LOOP step := step * 2; END LOOP;
  RETURN nearest - step;
END
$$;
