-- one row: a figure of a population, beside the base that most figures of it have for the month or stretch of time
-- key: figure_id
-- of: published_figures
-- A number that is said to be of a population is the number of it.
with based as (
  select
    figure_id,
    paper,
    title,
    scope,
    population,
    coalesce(part, '') as part,
    period,
    coalesce(span, '') as span,
    coalesce(denominator, case when unit = 'count' then value end) as denominator
  from published_figures
  where population is not null
),
counted as (
  select paper, scope, population, part, period, span, denominator, count(*) as figures
  from based
  where denominator is not null
  group by paper, scope, population, part, period, span, denominator
),
usual as (
  select
    paper,
    scope,
    population,
    part,
    period,
    span,
    denominator,
    row_number() over (
      partition by paper, scope, population, part, period, span order by figures desc, denominator desc
    ) as place
  from counted
)
select
  figure.figure_id,
  figure.title,
  figure.population,
  cast(cast(figure.denominator as bigint) as varchar) as printed,
  usual.denominator as expected,
  figure.denominator - usual.denominator as difference
from based figure
inner join usual
  on usual.paper = figure.paper and usual.scope = figure.scope and usual.population = figure.population
  and usual.part = figure.part and usual.period = figure.period
  and usual.span = figure.span and usual.place = 1
where figure.denominator is not null
