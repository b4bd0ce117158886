-- one row: an assessment begun by the period end, with its referral, its factors and how many of the child's are open
-- key: assessment_id
-- of: assessments
select
  assessment.assessment_id,
  assessment.person_id,
  assessment.referral_id,
  assessment.start_date,
  assessment.seen_date,
  case when assessment.authorised_date <= :period_end then assessment.authorised_date end as authorised_date,
  coalesce(referral.referral_date, assessment.start_date) as clock_from,
  referral.person_id as referral_person_id,
  referral.referral_date,
  referral.closed_reason,
  coalesce(found.factors, 0) as factors,
  count(*) filter (where assessment.authorised_date is null or assessment.authorised_date > :period_end)
    over (partition by assessment.person_id) as open_assessments
from assessments assessment
left join referrals referral on referral.referral_id = assessment.referral_id
left join (
  select assessment_id, count(*) as factors from assessment_factors group by assessment_id
) found on found.assessment_id = assessment.assessment_id
where assessment.start_date <= :period_end
