-- one row: a plan for a child in need open at the period end, with its reviews and whether the child's case is open
-- key: cin_plan_id
-- of: cin_plans
select
  plan.cin_plan_id,
  plan.person_id,
  plan.start_date,
  plan.worker_id,
  plan.team_id,
  age_at(person.dob, :period_end) as age,
  person.dob,
  reviews.last_review_on,
  closed.closed_on
from cin_plans plan
left join persons person on person.person_id = plan.person_id
left join (
  select cin_plan_id, max(held_date) as last_review_on
  from cin_reviews
  where held_date <= :period_end
  group by cin_plan_id
) reviews on reviews.cin_plan_id = plan.cin_plan_id
left join closed_cases closed on closed.person_id = plan.person_id
where plan.start_date <= :period_end
  and (plan.end_date is null or plan.end_date > :period_end)
