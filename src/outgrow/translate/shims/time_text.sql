-- The text of a timestamp in a shape of digits and constant letters; to_char itself is only
-- STABLE because other formats name months.
CREATE OR REPLACE FUNCTION outgrow.time_text(x timestamp, shape text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF shape = 'YYYY-MM-DD HH:MM:SS' THEN
    RETURN to_char(x, 'YYYY-MM-DD HH24:MI:SS');
  ELSIF shape = 'YYYY-MM-DD' THEN
    RETURN to_char(x, 'YYYY-MM-DD');
  END IF;
  RETURN to_char(x, 'YYYY-MM-DD')
    || substr(shape, 11, 1)
    || CASE WHEN length(shape) > 10 THEN to_char(x, 'HH24:MI') ELSE '' END
    || CASE WHEN shape LIKE '%:SS%' THEN to_char(x, ':SS') ELSE '' END
    || CASE
         WHEN shape NOT LIKE '%.f%' THEN ''
         WHEN shape LIKE '%[%' AND date_trunc('second', x) = x THEN ''
         ELSE '.' || left(to_char(x, 'US'), length(shape) - length(replace(shape, 'f', '')))
       END
    || CASE WHEN shape LIKE '%Z' THEN 'Z' WHEN shape LIKE '%+00:00' THEN '+00:00' ELSE '' END;
END
$$;
