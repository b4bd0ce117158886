-- one row: a child in care at the period end, with their latest health checks and the team that holds the case
-- key: person_id
-- of: persons
select
  care.person_id,
  care.entered_care,
  care.dob,
  care.age,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  latest.assessed_on,
  assessed.out_of_area as assessed_out_of_area,
  latest.dental_check_on,
  immunised.up_to_date as immunisations_up_to_date,
  immunised.status_date as immunisations_status_date,
  sdq.sdq_on,
  allocated.team_id
from in_care_now care
inner join persons person on person.person_id = care.person_id
left join (
  select
    person_id,
    max(check_date) filter (where check_type in ('IHA', 'RHA_U5', 'RHA_5')) as assessed_on,
    max(check_date) filter (where check_type = 'DENTAL') as dental_check_on
  from health_checks_held
  group by person_id
) latest on latest.person_id = care.person_id
left join (
  select held.person_id, recorded.out_of_area
  from health_checks_held held
  inner join health_checks recorded on recorded.health_check_id = held.health_check_id
  where held.check_type in ('IHA', 'RHA_U5', 'RHA_5')
  qualify row_number() over (partition by held.person_id order by held.check_date desc, held.health_check_id desc) = 1
) assessed on assessed.person_id = care.person_id
left join immunisations immunised on immunised.person_id = care.person_id
left join (
  select person_id, max(completed_date) as sdq_on
  from sdq_scores
  where completed_date <= :period_end
  group by person_id
) sdq on sdq.person_id = care.person_id
left join allocation_now allocated on allocated.person_id = care.person_id
