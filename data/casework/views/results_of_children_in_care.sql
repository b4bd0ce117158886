-- one row: a child's results at the end of a key stage in an academic year, if in care on 31 March of that year and for long enough before it
-- key: first_result_id
with results as (
  select
    result_id,
    person_id,
    stage,
    academic_year,
    subject,
    met_standard,
    try_cast(cast(academic_year as text) || '-03-31' as date) as counted_on
  from attainment
)
select
  min(result.result_id) as first_result_id,
  result.person_id,
  result.stage,
  result.academic_year,
  bool_or(result.subject = 'READING' and result.met_standard = 'Y') as met_reading,
  bool_or(result.subject = 'WRITING' and result.met_standard = 'Y') as met_writing,
  bool_or(result.subject = 'MATHS' and result.met_standard = 'Y') as met_maths,
  bool_or(result.subject = 'ENGLISH' and result.met_standard = 'Y') as met_english,
  count(*) filter (where result.met_standard = 'Y') as subjects_met,
  bool_or(coalesce(person.uasc, 'N') = 'Y') as is_uasc,
  min(allocated.team_id) as team_id
from results result
inner join persons person on person.person_id = result.person_id
left join allocation_now allocated on allocated.person_id = result.person_id
where exists (
  select 1
  from periods_of_care care
  where care.person_id = result.person_id
    and care.entered_care <= months_after(result.counted_on, -:outcome_months_in_care)
    and (care.left_care is null or care.left_care > result.counted_on)
)
group by result.person_id, result.stage, result.academic_year
