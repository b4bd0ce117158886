-- one row: the first episode of a period of care: the child coming into care, with the day they left if they have
-- key: episode_id
-- of: cla_episodes
select
  episode.episode_id,
  episode.person_id,
  episode.cla_id,
  care.entered_care,
  care.left_care,
  person.dob,
  age_at(person.dob, care.entered_care) as age_on_entry
from (
  select episode_id, person_id, cla_id
  from cla_episodes
  where start_date <= :period_end
  qualify row_number() over (partition by cla_id order by start_date, episode_id) = 1
) episode
inner join periods_of_care care on care.cla_id = episode.cla_id
left join persons person on person.person_id = episode.person_id
