-- one row: a review of a child in care, with the period of care it is of, the review held before it and the child's age
-- key: review_id
-- of: cla_reviews
select
  review.review_id,
  review.person_id,
  review.cla_id,
  review.due_date,
  case when review.held_date <= :period_end then review.held_date end as held_date,
  coalesce(review.cancelled, 'N') as cancelled,
  review.participation,
  care.person_id as care_person_id,
  care.entered_care,
  care.left_care,
  age_at(person.dob, review.held_date) as age_when_held,
  max(review.held_date) over before_it as previous_held_date,
  count(review.held_date) over before_it as reviews_before,
  count(review.held_date) over (partition by review.cla_id, review.held_date) as held_that_day
from cla_reviews review
inner join periods_of_care care on care.cla_id = review.cla_id
left join persons person on person.person_id = care.person_id
window before_it as (
  partition by review.cla_id
  order by coalesce(review.held_date, review.due_date), review.review_id
  rows between unbounded preceding and 1 preceding
)
