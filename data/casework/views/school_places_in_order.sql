-- one row: a main school place that had begun by the period end, with the latest end of those before it
-- key: place_id
-- of: school_places
select
  place_id,
  person_id,
  start_date,
  end_date,
  max(coalesce(case when end_date <= :period_end then end_date end, date '9999-12-31'))
    over (of_child rows between unbounded preceding and 1 preceding) as latest_end_before
from school_places
where main_place = 'Y' and start_date <= :period_end
window of_child as (partition by person_id order by start_date, place_id)
