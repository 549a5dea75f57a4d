-- The exact value of a double, as many digits as it takes (a cast to numeric rounds to 15).
CREATE OR REPLACE FUNCTION outgrow.exact(x double precision) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest double precision := x;
  factor numeric := 1;
  value numeric;
BEGIN
  IF x IN (0, 'Infinity', '-Infinity') THEN RETURN x; END IF;
  WHILE abs(rest) >= 4611686018427387904 LOOP
    rest := rest / 1073741824;
    factor := factor * 1073741824;
  END LOOP;
  WHILE abs(rest) < 0.0009765625 LOOP
    rest := rest * 1073741824;
    factor := factor * 0.000000000931322574615478515625;
  END LOOP;
  value := trunc(rest)::bigint;
  rest := (rest - trunc(rest)) * 2147483648;
  value := value + trunc(rest)::bigint * 0.0000000004656612873077392578125;
  rest := (rest - trunc(rest)) * 2147483648;
  value := value
    + trunc(rest)::bigint * 0.00000000000000000021684043449710088680149056017398834228515625;
  RETURN value * factor;
END
$$;
