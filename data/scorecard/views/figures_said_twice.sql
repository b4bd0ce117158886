-- one row: a figure, with how many are printed of the same thing in its table
-- key: figure_id
-- of: published_figures
select
  figure_id,
  title,
  part,
  printed,
  value,
  count(*) over same as times,
  min(value) over same as least_value,
  max(value) over same as most_value
from published_figures
where of_figure is null
window same as (
  partition by file, paper, table_name, measure, title, scope, coalesce(breakdown, ''), coalesce(part, ''), period,
  coalesce(span, ''), unit
)
