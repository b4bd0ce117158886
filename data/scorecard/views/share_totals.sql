-- one row: the first share of a breakdown, beside the sum of the shares of all its parts
-- key: figure_id
-- of: published_figures
-- Of several tables with shares of one breakdown, those with most of them are asked: the others show some parts only.
with summed as (
  select
    min(figure.figure_id) as figure_id,
    figure.breakdown,
    figure.measure,
    figure.period,
    sum(figure.value) as together,
    count(*) as parts,
    max(count(*)) over (
      partition by figure.paper, figure.breakdown, figure.measure, figure.scope, figure.period, figure.span
    ) as most_parts,
    count(figure.value) = count(*) as is_whole,
    max(coalesce(figure.half_unit, 0.5)) as half
  from published_figures figure
  inner join published_relations relation
    on relation.paper = figure.paper and relation.measure = figure.measure and relation.kind = 'parts'
  where figure.unit = 'percent' and figure.part is not null and figure.of_figure is null
  group by
    figure.paper, figure.table_name, figure.breakdown, figure.measure, figure.scope, figure.period, figure.span
)
select
  figure_id,
  breakdown,
  measure,
  period,
  cast(round(together, 1) as varchar) as printed,
  parts,
  100 as expected,
  round(together - 100, 2) as difference,
  parts * half + 0.000001 as slack
from summed
where is_whole and parts > 1 and parts = most_parts
