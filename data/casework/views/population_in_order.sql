-- one row: the children of an age band in an area and year, with the year before, the areas' sum and rows like it
-- key: population_id
-- of: child_population
select
  own.population_id,
  own.area_id,
  own.year,
  own.age_band,
  own.population,
  lag(own.year) over band as previous_year,
  lag(own.population) over band as previous_population,
  count(*) over (partition by own.area_id, own.year, own.age_band) as alike,
  areas.population as areas_population,
  areas.areas,
  every.areas as all_areas
from child_population own
left join team_areas unit on unit.team_id = own.area_id
left join (
  select child_population.year, child_population.age_band, count(distinct child_population.area_id) as areas,
    cast(sum(child_population.population) as bigint) as population
  from child_population
  inner join team_areas on team_areas.team_id = child_population.area_id and team_areas.level = 'area'
  group by child_population.year, child_population.age_band
) areas on areas.year = own.year and areas.age_band = own.age_band and unit.level = 'authority'
left join (
  select count(distinct child_population.area_id) as areas
  from child_population
  inner join team_areas on team_areas.team_id = child_population.area_id and team_areas.level = 'area'
) every on unit.level = 'authority'
window band as (partition by own.area_id, own.age_band order by own.year, own.population_id)
