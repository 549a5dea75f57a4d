-- The timestamp that a text spells in a form of every day; NULL for any other text.
CREATE OR REPLACE FUNCTION outgrow.moment_plain(x text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF x ~ ('^(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])'
      '|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)'
      '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)'
      '(?:[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?Z?)?$')
    AND x >= '0001' COLLATE "C" THEN
    RETURN x::timestamp;
  END IF;
  RETURN NULL;
END
$$;
