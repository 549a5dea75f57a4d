-- How many days a day lies beyond the end of its month.
CREATE OR REPLACE FUNCTION outgrow.moment_excess(year int, month int, day int) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE
    WHEN day <= 28 THEN 0
    WHEN month IN (4, 6, 9, 11) THEN greatest(day - 30, 0)
    WHEN month <> 2 THEN 0
    WHEN year % 4 = 0 AND (year % 100 <> 0 OR year % 400 = 0) THEN day - 29
    ELSE day - 28
  END;
END
$$;
