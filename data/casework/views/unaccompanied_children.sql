-- one row: a child recorded as having come unaccompanied whose case is open at the period end, with the immigration status they have then
-- key: person_id
-- of: persons
select
  opened.person_id,
  opened.dob,
  opened.open_since,
  coalesce(status.statuses, 0) as statuses,
  coalesce(status.current_statuses, 0) as current_statuses,
  status.last_ended_on
from open_cases opened
inner join persons person on person.person_id = opened.person_id and person.uasc = 'Y'
left join (
  select
    person_id,
    count(*) as statuses,
    count(*) filter (where end_date is null or end_date > :period_end) as current_statuses,
    max(end_date) as last_ended_on
  from immigration_statuses
  where start_date <= :period_end
  group by person_id
) status on status.person_id = opened.person_id
