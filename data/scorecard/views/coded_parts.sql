-- one row: a part of a breakdown that begins with a code, with how many rows have its code and how many its label
-- key: figure_id
-- of: published_figures
with coded as (
  select
    figure_id,
    paper,
    table_name,
    measure,
    part,
    left(part, 2) as code,
    lower(trim(substring(trim(substring(part, 3, 200)), 2, 200))) as label
  from published_figures
  where regexp_matches(part, '^[A-Z][0-9] ?- ?[A-Za-z]') and period = edition and span is null
  qualify row_number() over (partition by paper, table_name, measure, part order by figure_id) = 1
),
counted as (
  select
    figure_id,
    paper,
    table_name,
    measure,
    part,
    code,
    count(*) over (partition by paper, table_name, measure, code) as rows_of_code,
    count(*) over (partition by paper, table_name, measure, label) as rows_of_label
  from coded
)
select
  figure_id,
  measure,
  part,
  code,
  rows_of_code,
  rows_of_label,
  rows_of_code > 1 and rows_of_label > 1 as has_both,
  max(case when rows_of_code > 1 and rows_of_label > 1 then 1 else 0 end) over (partition by paper, table_name, measure) = 1 as one_has_both
from counted
