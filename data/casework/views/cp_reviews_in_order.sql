-- one row: a review of a child protection plan, with the plan, the review held before it and the child's age
-- key: review_id
-- of: cp_reviews
-- Reviews of a plan that ends before it begins are left out: the plan's dates are what is wrong.
select
  review.review_id,
  review.person_id,
  review.cp_plan_id,
  review.due_date,
  case when review.held_date <= :period_end then review.held_date end as held_date,
  review.continues,
  review.quorate,
  review.participation,
  plan.person_id as plan_person_id,
  plan.start_date as plan_start,
  plan.end_date as plan_end,
  age_at(person.dob, review.held_date) as age_when_held,
  max(review.held_date) over before_it as previous_held_date,
  count(review.held_date) over (partition by review.cp_plan_id, review.held_date) as held_that_day
from cp_reviews review
inner join cp_plans plan on plan.cp_plan_id = review.cp_plan_id
left join persons person on person.person_id = plan.person_id
where plan.end_date is null or plan.end_date >= plan.start_date
window before_it as (
  partition by review.cp_plan_id
  order by coalesce(review.held_date, review.due_date), review.review_id
  rows between unbounded preceding and 1 preceding
)
