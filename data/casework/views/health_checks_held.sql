-- one row: a health check that was carried out by the period end, with the child's age and the check of its type before it
-- key: health_check_id
-- of: health_checks
select
  held.health_check_id,
  held.person_id,
  held.check_type,
  held.check_date,
  held.date_source,
  held.recorded_on,
  person.dob,
  age_at(person.dob, held.check_date) as age_then,
  count(*) over (partition by held.person_id, held.check_type, held.check_date, held.date_source) as alike,
  lag(held.check_date) over of_type as previous_date,
  lag(held.date_source) over of_type as previous_source
from health_checks held
left join persons person on person.person_id = held.person_id
where held.check_date <= :period_end and (held.status is null or held.status = 'HELD')
window of_type as (partition by held.person_id, held.check_type order by held.check_date, held.health_check_id)
