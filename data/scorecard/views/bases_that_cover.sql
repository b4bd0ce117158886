-- one row: a figure whose base should hold at least what another measure counts, beside that
-- key: figure_id
-- of: published_figures
select
  figure.figure_id,
  figure.title,
  other.title as of_title,
  cast(cast(figure.denominator as bigint) as varchar) as printed,
  other.value as expected,
  figure.denominator - other.value as difference
from published_relations relation
inner join published_figures figure on figure.paper = relation.paper and figure.measure = relation.measure
inner join published_figures other
  on other.paper = relation.paper and other.measure = relation.of_measure and other.scope = figure.scope
  and other.period = figure.period and other.unit = 'count' and other.part is null
where relation.kind = 'covers' and figure.denominator is not null and other.value is not null
