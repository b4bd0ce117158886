-- one row: a figure that the paper prints in another table too, beside what that says
-- key: figure_id
-- of: published_figures
select
  figure.figure_id,
  figure.title,
  figure.printed,
  other.place as other_place,
  other.file as other_file,
  other.printed as expected,
  round(figure.value - other.value, 4) as difference,
  greatest(coalesce(figure.half_unit, 0.5), coalesce(other.half_unit, 0.5)) + 0.000001 as slack
from published_figures figure
inner join published_figures other
  on other.paper = figure.paper and other.measure = figure.measure and other.scope = figure.scope
  and other.period = figure.period and other.unit = figure.unit and coalesce(other.part, '') = coalesce(figure.part, '')
  and coalesce(other.span, '') = coalesce(figure.span, '')
  and coalesce(other.breakdown, figure.breakdown, '') = coalesce(figure.breakdown, other.breakdown, '')
where (other.file <> figure.file or other.table_name <> figure.table_name)
  and figure.value is not null and other.value is not null and figure.of_figure is null and other.of_figure is null
qualify row_number() over (partition by figure.figure_id order by abs(figure.value - other.value) desc, other.figure_id) = 1
