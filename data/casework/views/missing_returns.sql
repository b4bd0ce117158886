-- one row: a missing episode that had ended by the period end, with its return home interview and the team that held the case on the day the child was found
-- key: missing_episode_id
-- of: missing_episodes
select
  episode.missing_episode_id,
  episode.person_id,
  cast(episode.start_date as date) as missing_from,
  cast(episode.end_date as date) as found_on,
  episode.episode_type,
  case when episode.rhi_date <= :period_end then episode.rhi_date end as interviewed_on,
  held.team_id
from missing_episodes episode
left join allocations held
  on held.person_id = episode.person_id
  and held.start_date <= cast(episode.end_date as date)
  and (held.end_date is null or held.end_date > cast(episode.end_date as date))
where cast(episode.end_date as date) <= :period_end
qualify row_number() over (
  partition by episode.missing_episode_id order by held.start_date desc nulls last, held.involvement_id desc
) = 1
