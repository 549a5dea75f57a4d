-- group_concat(DISTINCT …): each text once, where it stands first; NULL without any.
CREATE OR REPLACE FUNCTION outgrow.joined_firsts(parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(part, ',' ORDER BY place)
  FROM (
    SELECT part, min(place) AS place
    FROM unnest(parts) WITH ORDINALITY AS listed(part, place)
    GROUP BY part
  ) AS firsts
$$;
