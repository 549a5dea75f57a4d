-- What is left of a width or precision of printf() when it is put into 32 bits.
CREATE OR REPLACE FUNCTION outgrow.format_int32(x bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ((x & 4294967295) # 2147483648) - 2147483648
$$;
