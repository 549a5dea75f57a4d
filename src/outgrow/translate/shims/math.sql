-- A mathematical function of one number as SQLite has it: NULL outside its domain, and infinity
-- or 0 where PostgreSQL raises an error. https://www.sqlite.org/lang_mathfunc.html
CREATE OR REPLACE FUNCTION outgrow.math(name text, x double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE name
    WHEN 'sqrt' THEN CASE WHEN x >= 0 THEN sqrt(x) END
    WHEN 'exp' THEN CASE WHEN x > 709.8 THEN 'Infinity' WHEN x < -745.2 THEN 0 ELSE exp(x) END
    WHEN 'ln' THEN CASE WHEN x > 0 THEN ln(x) END
    WHEN 'log' THEN CASE WHEN x > 0 THEN log(x) END
    WHEN 'sin' THEN CASE WHEN abs(x) < 'Infinity' THEN sin(x) END
    WHEN 'cos' THEN CASE WHEN abs(x) < 'Infinity' THEN cos(x) END
    WHEN 'tan' THEN CASE WHEN abs(x) < 'Infinity' THEN tan(x) END
    WHEN 'asin' THEN CASE WHEN abs(x) <= 1 THEN asin(x) END
    WHEN 'acos' THEN CASE WHEN abs(x) <= 1 THEN acos(x) END
    WHEN 'acosh' THEN CASE WHEN x >= 1 THEN acosh(x) END
    WHEN 'atanh' THEN CASE WHEN abs(x) <= 1 THEN atanh(x) END
    WHEN 'degrees' THEN CASE WHEN x > 3.2e306 THEN 'Infinity' WHEN x < -3.2e306 THEN '-Infinity'
      ELSE x * 57.29577951308232 END
  END;
END
$$;
