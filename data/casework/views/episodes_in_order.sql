-- one row: an episode of care begun by the period end, with the child's other episodes open at that date
-- key: episode_id
-- of: cla_episodes
select
  episode_id,
  person_id,
  cla_id,
  start_date,
  start_reason,
  ceased_date,
  ceased_reason,
  count(*) filter (where ceased_date is null or ceased_date > :period_end) over (partition by person_id) as open_episodes
from cla_episodes
where start_date <= :period_end
