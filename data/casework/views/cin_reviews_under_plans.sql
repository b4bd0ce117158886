-- one row: a review of a plan for a child in need, with the child and the dates of that plan
-- key: review_id
-- of: cin_reviews
-- Reviews of a plan that ends before it begins are left out: the plan's dates are what is wrong.
select
  review.review_id,
  review.person_id,
  review.cin_plan_id,
  review.due_date,
  review.held_date,
  plan.person_id as plan_person_id,
  plan.start_date as plan_start,
  plan.end_date as plan_end
from cin_reviews review
inner join cin_plans plan on plan.cin_plan_id = review.cin_plan_id
where plan.end_date is null or plan.end_date >= plan.start_date
