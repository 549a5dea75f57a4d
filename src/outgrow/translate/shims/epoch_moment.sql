-- The moment that so many units since 1970 are, in a shape that counts; infinity outside the years
-- 1 to 9999.
CREATE OR REPLACE FUNCTION outgrow.epoch_moment(n bigint, shape text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  unit bigint := CASE shape WHEN 'epoch s' THEN 1 WHEN 'epoch ms' THEN 1000 ELSE 1000000 END;
  per_day bigint := 86400 * unit;
  day bigint := n / per_day - (n % per_day < 0)::int;
BEGIN
  IF n < -62135596800 * unit THEN RETURN '-infinity'; END IF;
  IF n >= 253402300800 * unit THEN RETURN 'infinity'; END IF;
  RETURN timestamp '1970-01-01' + day * interval '1 day'
    + (n - day * per_day) * (1000000 / unit) * interval '1 microsecond';
END
$$;
