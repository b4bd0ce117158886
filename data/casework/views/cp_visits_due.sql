-- one row: a visit under a plan open at the period end, with the date by which it was due: so many working days after the visit before it, or after the plan began
-- key: visit_id
-- of: cp_visits
select
  visit.visit_id,
  visit.person_id,
  visit.cp_plan_id,
  visit.visit_date,
  visit.seen,
  coalesce(
    lag(visit.visit_date) over (partition by visit.cp_plan_id order by visit.visit_date, visit.visit_id),
    plan.start_date
  ) as due_from,
  plan.team_id
from cp_visits visit
inner join children_on_plans plan on plan.cp_plan_id = visit.cp_plan_id
where visit.visit_date <= :period_end
