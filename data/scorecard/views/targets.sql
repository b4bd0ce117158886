-- one row: a figure with a target, beside the target printed elsewhere for the same measure and month
-- key: figure_id
-- of: published_figures
with counted as (
  select paper, measure, scope, coalesce(part, '') as part, period, target, count(*) as places
  from published_figures
  where target is not null
  group by paper, measure, scope, coalesce(part, ''), period, target
),
usual as (
  select
    paper,
    measure,
    scope,
    part,
    period,
    target,
    count(*) over (partition by paper, measure, scope, part, period) as targets,
    row_number() over (partition by paper, measure, scope, part, period order by places desc, target) as place
  from counted
)
select
  figure.figure_id,
  figure.title,
  figure.target as printed,
  usual.target as expected,
  round(figure.target - usual.target, 6) as difference
from published_figures figure
inner join usual
  on usual.paper = figure.paper and usual.measure = figure.measure and usual.scope = figure.scope
  and usual.part = coalesce(figure.part, '') and usual.period = figure.period and usual.place = 1
where figure.target is not null
