-- one row: a figure whose base is part of another measure's, beside that
-- key: figure_id
-- of: published_figures
select
  figure.figure_id,
  figure.title,
  other.title as of_title,
  cast(cast(figure.denominator as bigint) as varchar) as printed,
  coalesce(other.numerator, case when other.unit = 'count' then other.value end) as expected,
  figure.denominator - coalesce(other.numerator, case when other.unit = 'count' then other.value end) as difference
from published_relations relation
inner join published_figures figure on figure.paper = relation.paper and figure.measure = relation.measure
inner join published_figures other
  on other.paper = relation.paper and other.measure = relation.of_measure and other.scope = figure.scope
  and other.period = figure.period and other.table_name = figure.table_name
  and coalesce(other.part, '') = coalesce(figure.part, '') and coalesce(other.span, '') = coalesce(figure.span, '')
where relation.kind = 'subset' and figure.denominator is not null and other.of_figure is null
  and coalesce(other.numerator, case when other.unit = 'count' then other.value end) is not null
