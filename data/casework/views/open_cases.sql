-- one row: a child with a case open at the period end for any reason: in care, on a plan, or held by a team
-- key: person_id
-- of: persons
select
  person.person_id,
  person.dob,
  person.ethnicity,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  allocated.involvement_id,
  allocated.team_id,
  allocated.worker_id,
  least(allocated.start_date, care.entered_care, plan.start_date) as open_since,
  overseen.last_on as last_oversight_on
from persons person
left join allocation_now allocated on allocated.person_id = person.person_id
left join (
  select person_id, min(entered_care) as entered_care from periods_of_care where left_care is null group by person_id
) care on care.person_id = person.person_id
left join (
  select person_id, min(start_date) as start_date from children_on_plans group by person_id
) plan on plan.person_id = person.person_id
left join (
  select person_id, max(oversight_date) as last_on
  from management_oversights
  where oversight_date <= :period_end
  group by person_id
) overseen on overseen.person_id = person.person_id
where allocated.person_id is not null or care.person_id is not null or plan.person_id is not null
