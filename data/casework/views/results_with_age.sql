-- one row: a result, with the child's age at the end of that academic year and how many results there are like it
-- key: result_id
-- of: attainment
select
  result.result_id,
  result.person_id,
  result.stage,
  result.subject,
  result.academic_year,
  result.grade,
  age_at(person.dob, try_cast(cast(result.academic_year as text) || '-08-31' as date)) as age_then,
  count(*) over (partition by result.person_id, result.stage, result.subject, result.academic_year) as alike
from attainment result
left join persons person on person.person_id = result.person_id
