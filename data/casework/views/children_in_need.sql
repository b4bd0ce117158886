-- one row: a child whose case is open at the period end as a child in need, neither on a protection plan nor in care
-- key: person_id
-- of: persons
select
  need.person_id,
  need.start_date as in_need_since,
  visits.last_seen_on,
  plans.plan_since,
  reviews.last_review_on,
  need.worker_id,
  need.team_id
from allocation_now need
left join (
  select person_id, max(visit_date) as last_seen_on
  from cin_visits
  where visit_date <= :period_end and seen = 'Y'
  group by person_id
) visits on visits.person_id = need.person_id
left join (
  select person_id, min(start_date) as plan_since
  from cin_plans
  where start_date <= :period_end and (end_date is null or end_date > :period_end)
  group by person_id
) plans on plans.person_id = need.person_id
left join (
  select person_id, max(held_date) as last_review_on
  from cin_reviews
  where held_date <= :period_end
  group by person_id
) reviews on reviews.person_id = need.person_id
where need.case_type = 'CIN'
  and not exists (select 1 from children_on_plans plan where plan.person_id = need.person_id)
  and not exists (select 1 from periods_of_care care where care.person_id = need.person_id and care.left_care is null)
