-- one row: a printed difference, beside what the two figures it is of give
-- key: figure_id
-- of: published_figures
select
  figure.figure_id,
  figure.printed,
  figure.value,
  first.printed as first_printed,
  second.printed as second_printed,
  round(first.value - second.value, cast(coalesce(figure.places, 0) as integer)) as expected,
  round(figure.value - (first.value - second.value), cast(coalesce(figure.places, 0) + 1 as integer)) as difference,
  case
    when figure.unit = 'count' then 0.000001
    else coalesce(figure.half_unit, 0.5) + coalesce(first.half_unit, 0.5) + coalesce(second.half_unit, 0.5) + 0.000001
  end as slack
from published_figures figure
inner join published_figures first on first.figure_id = figure.of_figure
inner join published_figures second on second.figure_id = figure.less_figure
where figure.value is not null and first.value is not null and second.value is not null
