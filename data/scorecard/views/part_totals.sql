-- one row: a number beside the sum of the parts of a breakdown of it
-- key: figure_id
-- of: published_figures
-- Where several breakdowns of a number are printed, the one that differs most. Of several tables with parts of one breakdown,
-- those with most of them are asked: the others show some parts only. A part that a table prints twice counts once.
with parts as (
  select paper, measure, scope, period, span, table_name, breakdown, part, min(value) as value
  from published_figures
  where unit = 'count' and part is not null and of_figure is null
  group by paper, measure, scope, period, span, table_name, breakdown, part
),
summed as (
  select
    paper,
    measure,
    scope,
    period,
    span,
    breakdown,
    count(*) as parts,
    sum(value) as together,
    max(count(*)) over (partition by paper, measure, scope, period, span, breakdown) as most_parts,
    count(value) = count(*) as is_whole
  from parts
  group by paper, measure, scope, period, span, table_name, breakdown
)
select
  whole.figure_id,
  summed.breakdown,
  whole.printed,
  whole.value,
  summed.parts,
  summed.together as expected,
  whole.value - summed.together as difference
from published_relations relation
inner join published_figures whole
  on whole.paper = relation.paper and whole.measure = relation.of_measure and whole.part is null and whole.unit = 'count'
inner join summed
  on summed.paper = relation.paper and summed.measure = relation.measure and summed.scope = whole.scope
  and summed.period = whole.period and coalesce(summed.span, '') = coalesce(whole.span, '')
where relation.kind in ('parts', 'part_numbers') and whole.of_figure is null and summed.is_whole and summed.parts = summed.most_parts
qualify row_number() over (
  partition by whole.figure_id order by abs(whole.value - summed.together) desc, summed.measure, summed.breakdown
) = 1
