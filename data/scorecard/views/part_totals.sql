-- one row: a number beside the sum of the parts of a breakdown of it
-- key: figure_id
-- of: published_figures
-- Where several breakdowns of a number are printed, the one that differs most.
select
  whole.figure_id,
  part.breakdown,
  whole.printed,
  whole.value,
  count(*) as parts,
  sum(part.value) as expected,
  whole.value - sum(part.value) as difference
from published_relations relation
inner join published_figures whole
  on whole.paper = relation.paper and whole.measure = relation.of_measure and whole.part is null and whole.unit = 'count'
inner join published_figures part
  on part.paper = relation.paper and part.measure = relation.measure and part.scope = whole.scope
  and part.period = whole.period and coalesce(part.span, '') = coalesce(whole.span, '') and part.unit = 'count' and part.part is not null
where relation.kind in ('parts', 'part_numbers') and whole.of_figure is null
group by whole.figure_id, part.breakdown, part.measure, whole.printed, whole.value
having count(part.value) = count(*)
qualify row_number() over (partition by whole.figure_id order by abs(whole.value - sum(part.value)) desc, part.measure, part.breakdown) = 1
