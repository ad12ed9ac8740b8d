-- The lines of the set-based engine in $lines, in the words of handwritten.sql: one code for why a
-- line is not paid, held or taken back, and the months' refusals beside the lines they stopped.

SELECT k.component, l.payee_no, l.principal_no,
       CASE WHEN k.outcome < 5 THEN k.outcome ELSE 3 END AS what, l.month, l.competence, l.units,
       l.order_no, k.place, k.level, k.share,
       CASE WHEN k.outcome = 4 THEN 0 ELSE l.event END AS event,
       CASE WHEN k.outcome >= 5 THEN 12
            WHEN l.why >= 20 THEN l.why - 20
            WHEN l.why = 9 AND k.component < 2 THEN 6
            WHEN l.why = 9 THEN CASE s.refusal WHEN 1 THEN 13 WHEN 3 THEN 14 WHEN 4 THEN 15 END
            WHEN l.why = 0 THEN 0
            ELSE l.why + 3 END AS reason,
       l.row_0 AS rate_row, l.id_high, l.id_low
FROM read_parquet('$lines/lines.parquet') AS l
JOIN read_parquet('$lines/kinds.parquet') AS k USING (kind)
LEFT JOIN read_parquet('$lines/stages_accelerator.parquet') AS s
  ON l.why = 9 AND k.component = 2 AND s.payee_no = l.payee_no AND s.month = l.competence
     AND s.as_of = l.event
