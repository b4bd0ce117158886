-- one row: the first share of a breakdown, beside the sum of the shares of all its parts
-- key: figure_id
-- of: published_figures
-- Of several tables with shares of one breakdown, those with most of them are asked: the others show some parts only. A part that a
-- table prints twice counts once.
with shares as (
  select
    figure.paper,
    figure.table_name,
    figure.breakdown,
    figure.measure,
    figure.scope,
    figure.period,
    figure.span,
    figure.part,
    min(figure.figure_id) as figure_id,
    min(figure.value) as value,
    max(coalesce(figure.half_unit, 0.5)) as half_unit
  from published_figures figure
  inner join published_relations relation
    on relation.paper = figure.paper and relation.measure = figure.measure and relation.kind = 'parts'
  where figure.unit = 'percent' and figure.part is not null and figure.of_figure is null
  group by
    figure.paper, figure.table_name, figure.breakdown, figure.measure, figure.scope, figure.period, figure.span, figure.part
),
summed as (
  select
    min(figure_id) as figure_id,
    breakdown,
    measure,
    period,
    sum(value) as together,
    count(*) as parts,
    max(count(*)) over (partition by paper, breakdown, measure, scope, period, span) as most_parts,
    count(value) = count(*) as is_whole,
    max(half_unit) as half_unit
  from shares
  group by paper, table_name, breakdown, measure, scope, period, span
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
  parts * half_unit + 0.000001 as slack
from summed
where is_whole and parts > 1 and parts = most_parts
