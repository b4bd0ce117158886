-- one row: a number beside the sum of the parts of a breakdown of it
-- key: figure_id
-- of: published_figures
-- Where several breakdowns of a number are printed, the one that differs most. Of several tables with parts of one breakdown,
-- those with most of them are asked: the others show some parts only. Parts that say no stretch of time are of the whole that says none,
-- if there is one. A part that a table prints twice counts once.
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
),
compared as (
  select
    whole.figure_id,
    summed.measure,
    summed.breakdown,
    whole.printed,
    whole.value,
    summed.parts,
    summed.together,
    case when coalesce(summed.span, '') = coalesce(whole.span, '') then 0 else 1 end as further,
    min(case when coalesce(summed.span, '') = coalesce(whole.span, '') then 0 else 1 end) over (
      partition by summed.paper, summed.measure, summed.scope, summed.period, summed.span, summed.breakdown, whole.measure
    ) as nearest
  from published_relations relation
  inner join published_figures whole
    on whole.paper = relation.paper and whole.measure = relation.of_measure and whole.part is null and whole.unit = 'count'
  inner join summed
    on summed.paper = relation.paper and summed.measure = relation.measure and summed.scope = whole.scope
    and summed.period = whole.period and coalesce(summed.span, whole.span, '') = coalesce(whole.span, '')
  where relation.kind in ('parts', 'part_numbers') and whole.of_figure is null and summed.is_whole
    and summed.parts = summed.most_parts
)
select
  figure_id,
  breakdown,
  printed,
  value,
  parts,
  together as expected,
  value - together as difference
from compared
where further = nearest
qualify row_number() over (partition by figure_id order by abs(value - together) desc, measure, breakdown) = 1
