-- needs: real_digits
-- The Julian day of a moment as strftime('%J') prints it: 16 digits, an exponent below 1e-4.
CREATE OR REPLACE FUNCTION outgrow.moment_julian(ms bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  decoded bigint[];
  digits text;
BEGIN
  IF ms = 0 THEN RETURN '0'; END IF;
  decoded := outgrow.real_digits(ms / 86400000::double precision, 16, 16);
  digits := decoded[1];
  IF decoded[2] < -3 THEN
    RETURN left(digits, 1) || COALESCE('.' || NULLIF(substr(digits, 2), ''), '')
      || 'e-' || lpad((1 - decoded[2])::text, 2, '0');
  ELSIF decoded[2] <= 0 THEN
    RETURN '0.' || repeat('0', -decoded[2]::int) || digits;
  ELSIF length(digits) <= decoded[2] THEN
    RETURN rpad(digits, decoded[2]::int, '0');
  END IF;
  RETURN left(digits, decoded[2]::int) || '.' || substr(digits, decoded[2]::int + 1);
END
$$;
