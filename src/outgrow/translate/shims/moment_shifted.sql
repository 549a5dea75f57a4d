-- needs: moment_days, moment_fields, moment_whole
-- A moment after one modifier: NULL where SQLite does not understand it.
-- https://www.sqlite.org/lang_datefunc.html#modifiers
CREATE OR REPLACE FUNCTION outgrow.moment_shifted(moment numeric, modifier text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  word text := lower(modifier COLLATE "C");
  part text[];
  amount double precision;
  whole bigint;
  field record;
  result numeric := outgrow.moment_whole(moment);
BEGIN
  IF word ~ '^start of (month|year|day)$' THEN
    field := outgrow.moment_fields(moment);
    RETURN outgrow.moment_days(field.y,
      CASE WHEN word = 'start of year' THEN 1 ELSE field.m END,
      CASE WHEN word = 'start of day' THEN field.d ELSE 1 END);
  END IF;
  part := regexp_match(word, '^weekday ([0-6])(?:\.0*)?$');
  IF part IS NOT NULL THEN
    whole := floor((result + 129600000) / 86400000)::bigint % 7;
    IF whole > part[1]::int THEN whole := whole - 7; END IF;
    RETURN result + (part[1]::int - whole) * 86400000;
  END IF;
  part := regexp_match(word, '^([+-]?)(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?$');
  IF part IS NOT NULL AND part[2]::int <= 24 AND part[3]::int <= 59
    AND COALESCE(part[4]::int, 0) <= 59 THEN
    result := result + CASE part[1] WHEN '-' THEN -1 ELSE 1 END * (
      part[2]::int * 3600000 + part[3]::int * 60000 + COALESCE(part[4]::int * 1000, 0)
      + outgrow.moment_whole(least(COALESCE(('0' || part[5])::numeric, 0), 0.999) * 1000));
    RETURN CASE WHEN result BETWEEN 0 AND 464269060799999 THEN result END;
  END IF;
  part := regexp_match(word,
    '^((?:\d+|[+-]\d+|[+-](?=\.\d))(?:\.\d*)?(?:e[+-]?\d{1,2})?)[ \t\n\v\f\r]+(second|minute|hour|day|month|year)s?$');
  IF part IS NULL THEN
    IF word ~ '^(localtime|utc|unixepoch|julianday|auto|subsec|subsecond|floor|ceiling)$'
      OR word ~ '^[+-]\d{4,5}-' THEN
      RAISE EXCEPTION 'the modifier % is not translated', quote_literal(modifier);
    END IF;
    RETURN NULL;
  END IF;
  amount := part[1]::numeric;
  CASE part[2]
    WHEN 'month', 'year' THEN
      whole := trunc(amount)::bigint;
      IF abs(amount) >= (CASE part[2] WHEN 'year' THEN 14713.0 ELSE 176546.0 END) THEN
        RETURN NULL;
      END IF;
      field := outgrow.moment_fields(moment);
      IF part[2] = 'year' THEN
        field.y := field.y + whole;
        amount := (amount - whole) * 31536000000;
      ELSE
        field.m := field.m + whole;
        whole := CASE WHEN field.m > 0 THEN (field.m - 1) / 12 ELSE (field.m - 12) / 12 END;
        field.y := field.y + whole;
        field.m := field.m - whole * 12;
        amount := (amount - trunc(amount)) * 2592000000;
      END IF;
      IF field.y NOT BETWEEN -4713 AND 9999 THEN RETURN NULL; END IF;
      result := outgrow.moment_days(field.y, field.m, field.d) + outgrow.moment_whole(field.ms);
    ELSE
      IF abs(amount) >= (CASE part[2] WHEN 'second' THEN 4.6427e14 WHEN 'minute' THEN 7.7379e12
          WHEN 'hour' THEN 1.2897e11 ELSE 5373485.0 END) THEN
        RETURN NULL;
      END IF;
      amount := amount * CASE part[2] WHEN 'second' THEN 1000 WHEN 'minute' THEN 60000
        WHEN 'hour' THEN 3600000 ELSE 86400000 END;
  END CASE;
  result := result + trunc((amount + CASE WHEN part[1] LIKE '-%' THEN -0.5 ELSE 0.5 END)::numeric);
  RETURN CASE WHEN result BETWEEN 0 AND 464269060799999 THEN result END;
END
$$;
