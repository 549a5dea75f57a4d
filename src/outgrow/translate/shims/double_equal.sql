-- The double that equals an integer; NaN, which equals no REAL of SQLite, where none does.
CREATE OR REPLACE FUNCTION outgrow.double_equal(x bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN CASE
      WHEN x::double precision < 9.2e18 THEN x::double precision::bigint = x
      ELSE (x::double precision / 1024)::bigint::numeric * 1024 = x
    END THEN x::double precision
    ELSE 'NaN'
  END
$$;
