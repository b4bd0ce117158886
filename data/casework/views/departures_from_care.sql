-- one row: a period of care that had ended by the period end: the child leaving care, why, how long they had been in care, and the team that held the case
-- key: cla_id
select
  care.cla_id,
  care.person_id,
  care.entered_care,
  care.left_care,
  last_episode.ceased_reason,
  person.dob,
  age_at(person.dob, care.left_care) as age_on_leaving,
  person.sex,
  person.ethnicity,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  cast(date_sub('month', care.entered_care, care.left_care) as int) as months_in_care,
  held.team_id
from periods_of_care care
left join (
  select cla_id, ceased_reason
  from cla_episodes
  where start_date <= :period_end and ceased_date <= :period_end
  qualify row_number() over (
    partition by cla_id
    order by ceased_date desc, coalesce(ceased_reason, 'X1') = 'X1', start_date desc, episode_id desc
  ) = 1
) last_episode on last_episode.cla_id = care.cla_id
left join persons person on person.person_id = care.person_id
left join (
  select ended.cla_id, spell.team_id
  from periods_of_care ended
  inner join allocations spell
    on spell.person_id = ended.person_id
    and spell.start_date <= greatest(ended.entered_care, ended.left_care - 1)
    and (spell.end_date is null or spell.end_date >= ended.left_care)
  where ended.left_care is not null
  qualify row_number() over (
    partition by ended.cla_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
) held on held.cla_id = care.cla_id
where care.left_care is not null
