-- one row: a child in care at the period end, with the day from which they have had a personal adviser, if they have one
-- key: person_id
-- of: persons
-- An adviser may be on record as involved with the child, or in the list of care leavers.
select
  care.person_id,
  care.entered_care,
  care.dob,
  care.age,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  least(involved.adviser_since, listed.adviser_since) as adviser_since,
  allocated.team_id
from in_care_now care
inner join persons person on person.person_id = care.person_id
left join (
  select person_id, min(start_date) as adviser_since
  from involvements
  where role = 'Personal Adviser' and start_date <= :period_end and (end_date is null or end_date > :period_end)
  group by person_id
) involved on involved.person_id = care.person_id
left join (
  select person_id, min(adviser_since) as adviser_since
  from care_leavers
  where adviser_id is not null and adviser_since <= :period_end
  group by person_id
) listed on listed.person_id = care.person_id
left join allocation_now allocated on allocated.person_id = care.person_id
