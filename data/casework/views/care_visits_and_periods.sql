-- one row: a visit to a child in care, with whose period of care it is recorded under and the dates of that
-- key: visit_id
-- of: cla_visits
select
  visit.visit_id,
  visit.person_id,
  visit.cla_id,
  visit.visit_date,
  care.person_id as care_person_id,
  care.entered_care,
  care.left_care
from cla_visits visit
inner join periods_of_care care on care.cla_id = visit.cla_id
