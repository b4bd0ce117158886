-- one row: an assessment begun by the period end, with its referral, its factors, how many of the child's are open and the team that did it
-- key: assessment_id
-- of: assessments
-- The team is the one recorded; where none is, the one that holds the case now.
select
  assessment.assessment_id,
  assessment.person_id,
  assessment.referral_id,
  assessment.start_date,
  assessment.child_seen,
  assessment.seen_date,
  case when assessment.authorised_date <= :period_end then assessment.authorised_date end as authorised_date,
  coalesce(
    case when referral.referral_date <= :period_end then referral.referral_date end, assessment.start_date
  ) as clock_from,
  referral.person_id as referral_person_id,
  referral.referral_date,
  referral.closed_reason,
  coalesce(found.factors, 0) as factors,
  coalesce(person.dob, person.expected_dob) as born_on,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  coalesce(assessment.team_id, allocated.team_id) as team_id,
  count(*) filter (where assessment.authorised_date is null or assessment.authorised_date > :period_end)
    over (partition by assessment.person_id) as open_assessments
from assessments assessment
left join referrals referral on referral.referral_id = assessment.referral_id
left join persons person on person.person_id = assessment.person_id
left join allocation_now allocated on allocated.person_id = assessment.person_id
left join (
  select assessment_id, count(*) as factors from assessment_factors group by assessment_id
) found on found.assessment_id = assessment.assessment_id
where assessment.start_date <= :period_end
