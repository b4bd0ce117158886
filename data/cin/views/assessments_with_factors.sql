-- one row: an assessment with factors, and whether 21 (none identified) and others are among those given for it
-- key: record
-- of: assessments
-- A return made from tables may have a row for each factor: rows of one assessment are then taken together.
with given as (
  select
    record,
    AssessmentFactors,
    coalesce(LAchildID, '') || '|' || coalesce(CINdetailsID, '') || '|' || coalesce(AssessmentID, '') || '|'
      || coalesce(cast(AssessmentAuthorisationDate as text), '') as assessment,
    ', ' || AssessmentFactors || ',' like '%, 21,%' as has_none,
    AssessmentFactors <> '21' as has_others
  from assessments
  where AssessmentFactors is not null
)
select
  record,
  AssessmentFactors,
  has_others,
  max(case when has_none then 1 else 0 end) over (partition by assessment) = 1 as none_identified
from given
