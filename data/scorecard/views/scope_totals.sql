-- one row: a number of an authority or area, beside the sum of the units it is made of
-- key: figure_id
-- of: published_figures
-- A unit that a table prints twice counts once.
with units as (
  select paper, table_name, measure, period, span, breakdown, part, parent_scope, scope, min(value) as value
  from published_figures
  where unit = 'count' and parent_scope is not null and of_figure is null
  group by paper, table_name, measure, period, span, breakdown, part, parent_scope, scope
)
select
  whole.figure_id,
  whole.scope,
  whole.title,
  whole.printed,
  whole.value,
  count(*) as units,
  sum(unit.value) as expected,
  whole.value - sum(unit.value) as difference
from published_figures whole
inner join units unit
  on unit.paper = whole.paper and unit.measure = whole.measure and unit.period = whole.period
  and unit.table_name = whole.table_name and unit.parent_scope = whole.scope
  and coalesce(unit.breakdown, '') = coalesce(whole.breakdown, '')
  and coalesce(unit.part, '') = coalesce(whole.part, '') and coalesce(unit.span, '') = coalesce(whole.span, '')
where whole.unit = 'count' and whole.of_figure is null
group by whole.figure_id, whole.scope, whole.title, whole.printed, whole.value
having count(unit.value) = count(*)
