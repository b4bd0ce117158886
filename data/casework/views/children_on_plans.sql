-- one row: a child protection plan open at the period end, with the latest visit under it and the team that holds the case
-- key: cp_plan_id
-- of: cp_plans
select
  plan.cp_plan_id,
  plan.person_id,
  plan.start_date,
  plan.latest_category,
  visits.last_visit_on,
  allocated.worker_id,
  allocated.team_id
from cp_plans plan
left join (
  select cp_plan_id, max(visit_date) as last_visit_on
  from cp_visits
  where visit_date <= :period_end
  group by cp_plan_id
) visits on visits.cp_plan_id = plan.cp_plan_id
left join allocation_now allocated on allocated.person_id = plan.person_id
where plan.start_date <= :period_end
  and (plan.end_date is null or plan.end_date > :period_end)
