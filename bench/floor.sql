-- The least that any run does: read the columns that bench/plan.yaml asks for in $in, and write
-- the lines and what they rest on, found ready made in $lines, to $out. No rule is applied.

CREATE TEMP TABLE columns_read AS
SELECT count(order_no), max(order_id), max(principal_no), max(signed_on), max(seller_no),
       max(partner_no), max(territory), max(category), max(amount), max(currency),
       max(imputable_to), max(id_high), max(id_low)
FROM read_parquet('$in/orders.parquet')
UNION ALL BY NAME
SELECT max(order_no) AS states_of, max(state) AS state, max(day) AS reached
FROM read_parquet('$in/states.parquet')
UNION ALL BY NAME
SELECT max(payee_no) AS target_of, max(month) AS target_in, max(amount) AS target
FROM read_parquet('$in/targets.parquet')
UNION ALL BY NAME
SELECT max(payee_no) AS measured_of, max(month) AS measured_in, max(value) AS measured
FROM read_parquet('$in/measurements.parquet');

COPY (SELECT * FROM read_parquet('$lines/lines.parquet'))
TO '$out/lines.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 10000);

COPY (SELECT * FROM read_parquet('$lines/kinds.parquet'))
TO '$out/kinds.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1);

COPY (SELECT * FROM read_parquet('$lines/credits.parquet'))
TO '$out/credits.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 10000);

COPY (SELECT * FROM read_parquet('$lines/months.parquet'))
TO '$out/months.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 10000);
