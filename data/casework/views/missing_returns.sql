-- one row: a missing episode that had ended by the period end, with its return home interview, whether the child was in care when found and the team that held the case on the day the child was found
-- key: missing_episode_id
-- of: missing_episodes
select
  episode.missing_episode_id,
  episode.person_id,
  cast(episode.start_date as date) as missing_from,
  cast(episode.end_date as date) as found_on,
  episode.episode_type,
  case when episode.rhi_date <= :period_end then episode.rhi_date end as interviewed_on,
  exists (
    select 1
    from periods_of_care care
    where care.person_id = episode.person_id
      and care.entered_care <= cast(episode.end_date as date)
      and (care.left_care is null or care.left_care > cast(episode.end_date as date))
  ) as in_care,
  held.team_id
from missing_episodes episode
left join (
  select found.missing_episode_id, spell.team_id
  from missing_episodes found
  inner join allocations spell
    on spell.person_id = found.person_id
    and spell.start_date <= cast(found.end_date as date)
    and (spell.end_date is null or spell.end_date > cast(found.end_date as date))
  qualify row_number() over (
    partition by found.missing_episode_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
) held on held.missing_episode_id = episode.missing_episode_id
where cast(episode.end_date as date) <= :period_end
