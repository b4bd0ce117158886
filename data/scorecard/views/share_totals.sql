-- one row: the first share of a breakdown, beside the sum of the shares of all its parts
-- key: figure_id
-- of: published_figures
select
  min(figure.figure_id) as figure_id,
  figure.breakdown,
  figure.measure,
  figure.period,
  cast(round(sum(figure.value), 1) as varchar) as printed,
  count(*) as parts,
  100 as expected,
  round(sum(figure.value) - 100, 2) as difference,
  count(*) * max(coalesce(figure.half_unit, 0.5)) + 0.000001 as slack
from published_figures figure
where exists (
    select 1 from published_relations relation
    where relation.paper = figure.paper and relation.measure = figure.measure and relation.kind = 'parts'
  )
  and figure.unit = 'percent' and figure.part is not null
group by figure.paper, figure.table_name, figure.breakdown, figure.measure, figure.scope, figure.period,
  coalesce(figure.span, '')
having count(figure.value) = count(*) and count(*) > 1
