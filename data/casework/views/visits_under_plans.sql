-- one row: a visit recorded under a child protection plan, with the child and the dates of that plan
-- key: visit_id
-- of: cp_visits
select
  visit.visit_id,
  visit.person_id,
  visit.cp_plan_id,
  visit.visit_date,
  plan.person_id as plan_person_id,
  plan.start_date as plan_start,
  plan.end_date as plan_end
from cp_visits visit
inner join cp_plans plan on plan.cp_plan_id = visit.cp_plan_id
