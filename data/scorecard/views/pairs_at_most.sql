-- one row: a figure that is seldom more than another, beside that
-- key: figure_id
-- of: published_figures
select
  figure.figure_id,
  figure.scope,
  figure.title,
  figure.printed,
  figure.value,
  other.title as other_title,
  other.printed as other_printed,
  other.value as expected,
  round(figure.value - other.value, 4) as difference
from published_relations relation
inner join published_figures figure on figure.paper = relation.paper and figure.measure = relation.measure
inner join published_figures other
  on other.paper = relation.paper and other.measure = relation.of_measure and other.scope = figure.scope
  and other.period = figure.period and coalesce(other.part, '') = coalesce(figure.part, '')
where relation.kind = 'at_most'
