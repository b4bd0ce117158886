-- one row: a visit to a privately fostered child that was made, with the child and the dates of the arrangement
-- key: visit_id
-- of: private_fostering_visits
-- Visits under an arrangement that ends before it begins are left out: its dates are what is wrong.
select
  visit.visit_id,
  visit.person_id,
  visit.arrangement_id,
  visit.visit_date,
  visit.seen,
  visit.seen_alone,
  made.person_id as arrangement_person_id,
  made.notified_date,
  made.start_date as arrangement_start,
  made.end_date as arrangement_end
from private_fostering_visits visit
inner join private_fostering made on made.arrangement_id = visit.arrangement_id
where visit.visit_date is not null
  and (made.end_date is null or made.end_date >= made.start_date)
