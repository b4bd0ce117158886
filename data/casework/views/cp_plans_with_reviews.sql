-- one row: a child protection plan that had begun by the period end, with the child's age and the reviews held of it
-- key: cp_plan_id
-- of: cp_plans
-- A plan that ends before it begins is left out: its dates are what is wrong.
select
  plan.cp_plan_id,
  plan.person_id,
  plan.start_date,
  case when plan.end_date <= :period_end then plan.end_date end as end_date,
  plan.initial_category,
  plan.latest_category,
  person.dob,
  person.expected_dob,
  age_at(person.dob, :period_end) as age,
  latest.held_date as last_review_on,
  latest.continues as last_said
from cp_plans plan
left join persons person on person.person_id = plan.person_id
left join (
  select cp_plan_id, held_date, continues
  from cp_reviews
  where held_date <= :period_end
  qualify row_number() over (partition by cp_plan_id order by held_date desc, review_id desc) = 1
) latest on latest.cp_plan_id = plan.cp_plan_id
where plan.start_date <= :period_end
  and (plan.end_date is null or plan.end_date >= plan.start_date)
