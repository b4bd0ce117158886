-- one row: a published figure, with what it is a share or a mean of, worked out again
-- key: figure_id
-- of: published_figures
-- The base is what is printed beside the figure, else the number that another measure counts for the same scope and month.
with based as (
  select
    figure.figure_id,
    coalesce(figure.numerator, case when figure.unit = 'percent' then figure.count end) as met,
    coalesce(figure.denominator, whole.value) as base,
    case when figure.denominator is null then whole.title end as base_from
  from published_figures figure
  left join published_relations relation
    on relation.paper = figure.paper and relation.measure = figure.measure and relation.kind = 'base'
  left join published_figures whole
    on whole.paper = figure.paper and whole.measure = relation.of_measure and whole.scope = figure.scope
    and whole.period = figure.period and whole.unit = 'count' and whole.part is null
    and whole.of_figure is null and coalesce(figure.span, whole.span, '') = coalesce(whole.span, '')
  qualify row_number() over (
    partition by figure.figure_id
    order by case when coalesce(whole.span, '') = coalesce(figure.span, '') then 0 else 1 end,
      case when whole.table_name = figure.table_name then 0 else 1 end, whole.figure_id
  ) = 1
)
select
  figure.figure_id,
  figure.paper,
  figure.table_name,
  figure.measure,
  figure.title,
  figure.scope,
  figure.part,
  figure.period,
  figure.row_no,
  figure.unit,
  figure.printed,
  figure.value,
  coalesce(figure.places, 0) as places,
  coalesce(figure.half_unit, 0.5) as half_unit,
  coalesce(figure.half_unit, 0.5) + 0.000000001 as half,
  based.met,
  based.base,
  based.base_from,
  figure.numerator is not null and figure.denominator is not null as is_printed_with_both,
  case
    when based.base = 0 or based.met is null then null
    when figure.unit = 'percent' then 100.0 * based.met / based.base
    when figure.unit = 'rate' then 10000.0 * based.met / based.base
    when figure.unit in ('number', 'days') then 1.0 * based.met / based.base
  end as exact
from published_figures figure
inner join based on based.figure_id = figure.figure_id
