-- needs: epoch_moment
-- The moment that takes the place of a real beside units since 1970, for one operator.
CREATE OR REPLACE FUNCTION outgrow.epoch_bound(x double precision, shape text, operator text)
RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  whole double precision := CASE WHEN operator IN ('>=', '<') THEN ceil(x) ELSE floor(x) END;
BEGIN
  IF whole <> x AND operator IN ('=', '<>') THEN RETURN 'infinity'; END IF;
  IF whole < -9e18 THEN RETURN '-infinity'; END IF;
  IF whole > 9e18 THEN RETURN 'infinity'; END IF;
  RETURN outgrow.epoch_moment(whole::bigint, shape);
END
$$;
