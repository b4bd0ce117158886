-- one row: an episode of care begun by the period end, with the one before and after it in the same period of care
-- key: episode_id
-- of: cla_episodes
select
  episode.episode_id,
  episode.person_id,
  episode.cla_id,
  episode.start_date,
  episode.start_reason,
  episode.ceased_date,
  episode.ceased_reason,
  lag(episode.episode_id) over care as previous_episode_id,
  lead(episode.start_date) over care as next_start_date,
  person.dob,
  person.death_date
from cla_episodes episode
left join persons person on person.person_id = episode.person_id
where episode.start_date <= :period_end
window care as (partition by episode.person_id, episode.cla_id order by episode.start_date, episode.episode_id)
