-- one row: a factor found at an assessment, with how often it is there and how many factors are
-- key: factor_id
-- of: assessment_factors
select
  found.factor_id,
  found.person_id,
  found.assessment_id,
  found.factor,
  count(*) over (partition by found.assessment_id) as factors,
  count(*) over (partition by found.assessment_id, found.factor) as same_factor,
  referral.closed_date,
  referral.closed_reason,
  referral.referral_id,
  count(*) filter (where found.factor <> '21') over (partition by referral.referral_id) as factors_of_referral
from assessment_factors found
inner join assessments assessment on assessment.assessment_id = found.assessment_id
left join referrals referral on referral.referral_id = assessment.referral_id
