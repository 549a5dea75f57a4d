-- A timestamp of the years 1 to 9999 as a moment; utc: whether its text says that it is UTC.
CREATE OR REPLACE FUNCTION outgrow.moment_stamp(x timestamp, utc boolean)
RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  micros bigint := extract(microseconds FROM x);
  second double precision;
BEGIN
  IF micros % 1000 = 0 THEN
    RETURN ARRAY[extract(epoch FROM x) * 1000 + 210866760000000, utc::int, 0, 0];
  END IF;
  second := micros / 1000000
    + least((micros % 1000000)::double precision / 1000000, 0.999);
  RETURN ARRAY[
    extract(epoch FROM date_trunc('minute', x)) * 1000 + 210866760000000
      + trunc(second * 1000 + 0.5),
    utc::int, 0, 0, NULL, NULL, NULL, extract(hour FROM x), extract(minute FROM x), second];
END
$$;
