-- one row: a referral made by the period end, with the child's referral before it, the work done on it and the team it went to
-- key: referral_id
-- of: referrals
-- Referrals that nothing came of open no case: they are not among the cases before or open. They are among the referrals
-- before. The team is the one recorded; where none is, the one that holds the case now.
with referral_day as (
  select person_id, referral_date, lag(referral_date) over (partition by person_id order by referral_date) as day_before
  from referrals
  where referral_date <= :period_end
  group by person_id, referral_date
),
taken_on as (
  select
    referral_id,
    max(coalesce(case when closed_date between referral_date and :period_end then closed_date end, date '9999-12-31'))
      over (of_child rows between unbounded preceding and 1 preceding) as open_before_until,
    lag(case when closed_date between referral_date and :period_end then closed_date end) over of_child
      as closed_before_on
  from referrals
  where referral_date <= :period_end and (nfa is null or nfa <> 'Y')
  window of_child as (partition by person_id order by referral_date, referral_id)
),
assessed as (
  select
    referral_id,
    count(*) as assessments,
    min(start_date) as first_assessed_on,
    count(*) filter (where authorised_date is null or authorised_date > :period_end) as open_assessments,
    min(case when seen_date <= :period_end then seen_date end) as first_seen_on
  from assessments
  where start_date <= :period_end
  group by referral_id
),
enquired as (
  select
    referral_id,
    count(*) as enquiries,
    count(*) filter (where end_date is null or end_date > :period_end) as open_enquiries
  from s47_enquiries
  where start_date <= :period_end
  group by referral_id
)
select
  referral.referral_id,
  referral.person_id,
  referral.referral_date,
  referral.decision_date,
  referral.nfa,
  case when referral.closed_date <= :period_end then referral.closed_date end as closed_date,
  referral.closed_reason,
  person.death_date,
  coalesce(person.dob, person.expected_dob) as born_on,
  referral_day.day_before as referred_before_on,
  taken_on.open_before_until,
  taken_on.closed_before_on,
  coalesce(assessed.assessments, 0) as assessments,
  assessed.first_assessed_on,
  coalesce(assessed.open_assessments, 0) as open_assessments,
  assessed.first_seen_on,
  coalesce(enquired.enquiries, 0) as enquiries,
  coalesce(enquired.open_enquiries, 0) as open_enquiries,
  coalesce(referral.team_id, allocated.team_id) as team_id
from referrals referral
left join persons person on person.person_id = referral.person_id
left join referral_day
  on referral_day.person_id = referral.person_id and referral_day.referral_date = referral.referral_date
left join allocation_now allocated on allocated.person_id = referral.person_id
left join taken_on on taken_on.referral_id = referral.referral_id
left join assessed on assessed.referral_id = referral.referral_id
left join enquired on enquired.referral_id = referral.referral_id
where referral.referral_date <= :period_end
