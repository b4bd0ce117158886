-- one row: a figure, with how many months of its row are printed
-- key: figure_id
-- of: published_figures
select
  figure_id,
  title,
  period,
  printed,
  available,
  count(printed) over same as printed_in_row,
  count(*) over same as months
from published_figures
where of_figure is null
window same as (partition by paper, table_name, measure, scope, coalesce(breakdown, ''), coalesce(part, ''), unit, coalesce(span, ''))
