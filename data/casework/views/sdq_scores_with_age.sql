-- one row: a strengths and difficulties questionnaire, with the child's age on its day
-- key: sdq_id
-- of: sdq_scores
select
  sdq.sdq_id,
  sdq.person_id,
  sdq.completed_date,
  sdq.score,
  sdq.reason,
  person.dob,
  age_at(person.dob, sdq.completed_date) as age_then,
  age_at(person.dob, :period_end) as age
from sdq_scores sdq
inner join persons person on person.person_id = sdq.person_id
