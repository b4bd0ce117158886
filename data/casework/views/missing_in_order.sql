-- one row: a missing episode begun by the period end, with the child's other ones before, after and on the same day
-- key: missing_episode_id
-- of: missing_episodes
select
  missing_episode_id,
  person_id,
  start_date,
  end_date,
  date_diff('minute', start_date, end_date) as minutes_missing,
  lead(start_date) over child as next_start_date,
  count(*) over (partition by person_id, cast(start_date as date)) as begun_that_day
from missing_episodes
where cast(start_date as date) <= :period_end
window child as (partition by person_id order by start_date, missing_episode_id)
