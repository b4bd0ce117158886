-- one row: the number of a part named by how many, beside what a printed mean leaves for it
-- key: figure_id
-- of: published_figures
-- 390 changes at a mean of 0.99 are of 392 to 396 people. If the parts together are not, the part whose share is not that of its number
-- is the one to doubt, and what the other parts leave of 394 is what it should be.
with people as (
  select
    mean.paper,
    mean.scope,
    mean.period,
    relation.less_measure as measure,
    mean.printed as mean_printed,
    total.printed as total_printed,
    total.value / mean.value as people,
    total.value / (mean.value + mean.half_unit) as people_low,
    total.value / (mean.value - mean.half_unit) as people_high
  from published_relations relation
  inner join published_figures mean on mean.paper = relation.paper and mean.measure = relation.measure
  inner join published_figures total
    on total.paper = relation.paper and total.measure = relation.of_measure and total.scope = mean.scope
    and total.period = mean.period and total.unit = 'count' and total.part is null
  where relation.kind = 'mean' and mean.value > mean.half_unit
),
parts as (
  select
    part.figure_id,
    part.title,
    part.printed,
    part.value,
    share.printed as share_printed,
    share.value as share,
    coalesce(share.half_unit, 0.5) as half,
    people.mean_printed,
    people.total_printed,
    people.people,
    people.people_low,
    people.people_high,
    sum(part.value) over (partition by part.paper, part.measure, part.scope, part.period) as together
  from people
  inner join published_figures part
    on part.paper = people.paper and part.measure = people.measure and part.scope = people.scope and part.period = people.period
    and part.unit = 'count' and part.part is not null
  left join published_figures share
    on share.paper = part.paper and share.measure = part.measure and share.scope = part.scope and share.period = part.period
    and share.unit = 'percent' and share.part = part.part
)
select
  figure_id,
  title,
  printed,
  share_printed,
  mean_printed,
  total_printed,
  round(people, 0) as people,
  together,
  together < people_low - 0.5 or together > people_high + 0.5 as is_off,
  coalesce(abs(100.0 * value / people - share) > 3 * half, false) as share_is_off,
  round(people, 0) - (together - value) as expected,
  value - (round(people, 0) - (together - value)) as difference
from parts
