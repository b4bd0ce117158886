-- one row: a review of a child in care, with the period of care it is of, the review held before it, the child's age, and the team that held the case on the day of it
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
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  max(review.held_date) over before_it as previous_held_date,
  count(review.held_date) over before_it as reviews_before,
  count(review.held_date) over (partition by review.cla_id, review.held_date) as held_that_day,
  holder.team_id
from cla_reviews review
inner join periods_of_care care on care.cla_id = review.cla_id
left join persons person on person.person_id = care.person_id
left join (
  select reviewed.review_id, spell.team_id
  from cla_reviews reviewed
  inner join allocations spell
    on spell.person_id = reviewed.person_id
    and spell.start_date <= reviewed.held_date
    and (spell.end_date is null or spell.end_date > reviewed.held_date)
  qualify row_number() over (
    partition by reviewed.review_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
) holder on holder.review_id = review.review_id
window before_it as (
  partition by review.cla_id
  order by coalesce(review.held_date, review.due_date), review.review_id
  rows between unbounded preceding and 1 preceding
)
