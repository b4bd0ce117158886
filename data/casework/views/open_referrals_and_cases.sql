-- one row: an open referral, taken on or undecided, of a child whose case was held and is no longer by anybody
-- key: referral_id
-- of: referrals
select
  referral.referral_id,
  referral.person_id,
  referral.referral_date,
  case when referral.closed_date <= :period_end then referral.closed_date end as closed_date,
  held.held_until
from referrals referral
inner join (
  select person_id, max(end_date) as held_until from allocations group by person_id
) held on held.person_id = referral.person_id
left join open_cases on open_cases.person_id = referral.person_id
where referral.referral_date <= :period_end
  and (referral.nfa is null or referral.nfa <> 'Y')
  and (referral.closed_date is null or referral.closed_date > :period_end)
  and held.held_until >= referral.referral_date
  and open_cases.person_id is null
