-- one row: a number at a month end, beside that of the month before with those who came and less those who went
-- key: figure_id
-- of: published_figures
-- Where a paper prints who came and went of several stretches of time, those that explain the number best are taken;
-- where one of them is not available, none is.
with moved as (
  select
    closing.figure_id,
    closing.scope,
    closing.parent_scope is null as is_whole,
    closing.title,
    closing.printed,
    closing.value as value_now,
    opening.value as opening,
    begun.value as begun,
    ended.value as ended,
    opening.value + begun.value - ended.value as expected,
    closing.value - (opening.value + begun.value - ended.value) as difference
  from published_relations relation
  inner join published_figures closing
    on closing.paper = relation.paper and closing.measure = relation.measure
  inner join published_figures opening
    on opening.paper = closing.paper and opening.measure = closing.measure and opening.scope = closing.scope
    and opening.table_name = closing.table_name and opening.unit = closing.unit and opening.part is null
    and opening.period = last_day(months_after(closing.period, -1))
    and coalesce(opening.span, '') = coalesce(closing.span, '')
  inner join published_figures begun
    on begun.paper = closing.paper and begun.measure = relation.of_measure and begun.scope = closing.scope
    and begun.period = closing.period and begun.unit = 'count' and begun.part is null
  inner join published_figures ended
    on ended.paper = closing.paper and ended.measure = relation.less_measure and ended.scope = closing.scope
    and ended.period = closing.period and ended.unit = 'count' and ended.part is null
    and coalesce(ended.span, '') = coalesce(begun.span, '')
  where relation.kind = 'flow' and closing.unit = 'count' and closing.part is null
    and closing.of_figure is null and opening.of_figure is null and begun.of_figure is null and ended.of_figure is null
)
select
  figure_id,
  scope,
  is_whole,
  title,
  printed,
  value_now,
  opening,
  begun,
  ended,
  expected,
  difference
from moved
qualify row_number() over (
  partition by figure_id order by case when difference is null then 0 else 1 end, abs(difference), begun
) = 1
