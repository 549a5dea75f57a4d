-- Year, month and day of a moment, and its milliseconds of the day (SQLite's own arithmetic).
CREATE OR REPLACE FUNCTION outgrow.moment_fields(
  moment numeric, OUT y bigint, OUT m bigint, OUT d bigint, OUT ms numeric)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  day bigint := floor((moment + 43200000) / 86400000);
  alpha bigint;
  b bigint;
  c bigint;
  e bigint;
BEGIN
  ms := moment + 43200000 - day * 86400000::numeric;
  alpha := trunc((day + 32044.75) / 36524.25) - 52;
  b := day + 1 + alpha - (alpha + 100) / 4 + 25 + 1524;
  c := trunc((b - 122.1) / 365.25);
  d := 36525 * (c & 32767) / 100;
  e := trunc((b - d) / 30.6001);
  d := b - d - trunc(30.6001 * e)::bigint;
  m := CASE WHEN e < 14 THEN e - 1 ELSE e - 13 END;
  y := CASE WHEN m > 2 THEN c - 4716 ELSE c - 4715 END;
END
$$;
