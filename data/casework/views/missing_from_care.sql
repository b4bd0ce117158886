-- one row: a child who went missing in the month of the period end while in care, with how often
-- key: person_id
-- of: persons
-- Away without authorisation is another thing: it is known where the child is. An episode of no recorded type is taken for missing.
select episode.person_id, count(distinct episode.missing_episode_id) as episodes, allocated.team_id
from missing_episodes episode
inner join periods_of_care care
  on care.person_id = episode.person_id
  and care.entered_care <= cast(episode.start_date as date)
  and (care.left_care is null or care.left_care > cast(episode.start_date as date))
left join allocation_now allocated on allocated.person_id = episode.person_id
where cast(episode.start_date as date) between first_day(:period_end) and :period_end
  and episode.episode_type is distinct from 'A'
group by episode.person_id, allocated.team_id
