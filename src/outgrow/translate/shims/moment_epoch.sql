-- unixepoch() of a moment: an integer, or a real where milliseconds are printed.
CREATE OR REPLACE FUNCTION outgrow.moment_epoch(moment double precision[]) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF moment[3] = 1 THEN
    RETURN ((moment[1]::numeric - 210866760000000) / 1000)::numeric(18, 3);
  END IF;
  RETURN trunc(moment[1] / 1000)::numeric - 210866760000;
END
$$;
