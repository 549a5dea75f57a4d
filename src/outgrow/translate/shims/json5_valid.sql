-- Whether a text is JSON5 with the extensions of SQLite, at most 1000 levels deep.
-- https://www.sqlite.org/json1.html#json5_extensions
CREATE OR REPLACE FUNCTION outgrow.json5_valid(x text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  escape text := '\\(?:["''\\/bfnrtv]|0(?![0-9])|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}'
    '|\r\n?|[\n\u2028\u2029])';
  string text := '"(?:[^"\\]|' || escape || ')*"|''(?:[^''\\]|' || escape || ')*''';
  blank text := '[ \t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]';
  letter text := 'A-Za-z_$\u0080-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e'
    '\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\U0010ffff';
  -- What is a value can't be a key as well.
  name text := '(?!(?:true|false|null|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|[qQsS]?[nN][aA][nN])'
    '(?![A-Za-z0-9]))(?:[' || letter || ']|\\u[0-9A-Fa-f]{4})(?:[0-9' || letter
    || ']|\\u[0-9A-Fa-f]{4})*';
  number text := '[+-]?(?:0[xX][0-9A-Fa-f]+'
    '|(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)';
  rest text;
  shorter text;
BEGIN
  -- "" stands for a string, # for any other value.
  rest := regexp_replace(x,
    '(' || string || ')|/\*(?:[^*]|\*+[^*/])*\*+/|//[^\n\r\u2028\u2029]*', '\1 ', 'g');
  rest := regexp_replace(rest, string, '""', 'g');
  IF regexp_replace(rest, '""', '', 'g') ~ '["''#]' THEN RETURN false; END IF;
  rest := regexp_replace(rest, '([{,])' || blank || '*' || name || blank || '*:', '\1"":', 'g');
  rest := regexp_replace(rest, number || '(?![A-Za-z0-9_$.])', '#', 'g');
  rest := regexp_replace(rest, '[+-]?(?:inf|infinity)\y|(?:[qs]?nan)\y', '#', 'gi');
  rest := regexp_replace(rest, '\y(?:true|false|null)\y', '#', 'g');
  rest := regexp_replace(rest, blank, '', 'g');
  FOR level IN 0..1000 LOOP
    IF rest IN ('""', '#') THEN RETURN true; END IF;
    shorter := regexp_replace(rest,
      '\[(?:(?:""|#)(?:,(?:""|#))*,?)?\]|\{(?:"":(?:""|#)(?:,"":(?:""|#))*,?)?\}', '#', 'g');
    IF shorter = rest THEN RETURN false; END IF;
    rest := shorter;
  END LOOP;
  RETURN false;
END
$$;
