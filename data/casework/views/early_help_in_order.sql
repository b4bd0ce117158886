-- one row: an early help episode begun by the period end, with how many of the child's are open, and any open referral
-- key: early_help_id
-- of: early_help_episodes
select
  episode.early_help_id,
  episode.person_id,
  episode.start_date,
  episode.organisation,
  case when episode.end_date <= :period_end then episode.end_date end as end_date,
  count(*) filter (where episode.end_date is null or episode.end_date > :period_end)
    over (partition by episode.person_id) as open_episodes,
  held.open_referral_on
from early_help_episodes episode
left join (
  select person_id, max(referral_date) as open_referral_on
  from referrals
  where nfa = 'N' and closed_date is null and referral_date <= :period_end
  group by person_id
) held on held.person_id = episode.person_id
where episode.start_date <= :period_end
