-- one row: a child in care at the period end, with their latest health checks
-- key: person_id
-- of: persons
select
  care.person_id,
  care.entered_care,
  care.dob,
  care.age,
  latest.assessed_on,
  latest.dental_check_on,
  immunised.up_to_date as immunisations_up_to_date,
  immunised.status_date as immunisations_status_date,
  sdq.sdq_on
from in_care_now care
left join (
  select
    person_id,
    max(check_date) filter (where check_type in ('IHA', 'RHA_U5', 'RHA_5')) as assessed_on,
    max(check_date) filter (where check_type = 'DENTAL') as dental_check_on
  from health_checks_held
  group by person_id
) latest on latest.person_id = care.person_id
left join immunisations immunised on immunised.person_id = care.person_id
left join (
  select person_id, max(completed_date) as sdq_on
  from sdq_scores
  where completed_date <= :period_end
  group by person_id
) sdq on sdq.person_id = care.person_id
