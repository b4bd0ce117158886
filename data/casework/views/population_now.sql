-- one row: the children of one age band who live in the authority, or an area of it, in the latest year known by the period end
-- key: population_id
-- of: child_population
-- The rows of the authority itself; where it has none, those of its areas. A year that does not say when it was published
-- is taken to be known from the next one on.
with known as (
  select own.population_id, own.area_id, own.year, own.age_band, own.population, unit.level
  from child_population own
  inner join team_areas unit on unit.team_id = own.area_id and unit.level in ('authority', 'area')
  where coalesce(own.published_on <= :period_end, own.year < year(:period_end))
  qualify row_number() over (
    partition by own.area_id, own.year, own.age_band
    order by own.published_on is null, own.published_on desc, own.population_id desc
  ) = 1
),
used as (
  select known.population_id, known.area_id, known.year, known.age_band, known.population
  from known
  where known.level = 'authority' or not exists (select 1 from known own where own.level = 'authority')
)
select population_id, area_id as team_id, year, age_band, population
from used
where year = (select max(year) from used)
