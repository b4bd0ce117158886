-- one row: an area (or the authority) and a year, with the age bands there are and whether it is the latest year
-- key: population_id
-- of: child_population
select
  min(population_id) as population_id,
  area_id,
  year,
  count(distinct age_band) as age_bands,
  year = max(year) over (partition by area_id) as is_latest
from child_population
group by area_id, year
