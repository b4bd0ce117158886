-- one row: a figure of a month that an earlier paper prints too, beside what that says
-- key: figure_id
-- of: published_figures
select
  figure.figure_id,
  figure.title,
  figure.period,
  figure.printed,
  earlier.paper as earlier_paper,
  earlier.value as expected,
  round(figure.value - earlier.value, 4) as difference,
  greatest(coalesce(figure.half_unit, 0.5), coalesce(earlier.half_unit, 0.5)) + 0.000001 as slack
from published_figures figure
inner join published_figures earlier
  on earlier.measure = figure.measure and earlier.scope = figure.scope and earlier.period = figure.period
  and earlier.unit = figure.unit and coalesce(earlier.part, '') = coalesce(figure.part, '')
  and coalesce(earlier.span, '') = coalesce(figure.span, '')
  and coalesce(earlier.breakdown, figure.breakdown, '') = coalesce(figure.breakdown, earlier.breakdown, '')
where earlier.edition < figure.edition and figure.value is not null and earlier.value is not null
  and figure.of_figure is null and earlier.of_figure is null
qualify row_number() over (partition by figure.figure_id order by earlier.edition desc, earlier.figure_id) = 1
