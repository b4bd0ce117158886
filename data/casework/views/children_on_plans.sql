-- one row: a child protection plan open at the period end, with the visits and reviews under it, the child's plan before it and the team that holds the case
-- key: cp_plan_id
-- of: cp_plans
-- A child with two open plans has two rows: is_latest_of_child is true of the one that began last.
select
  plan.cp_plan_id,
  plan.person_id,
  plan.start_date,
  plan.latest_category,
  row_number() over (partition by plan.person_id order by plan.start_date desc, plan.cp_plan_id desc) = 1
    as is_latest_of_child,
  earlier.last_ended_on as earlier_plan_ended_on,
  visits.last_visit_on,
  seen.last_seen_on,
  reviewed.first_review_on,
  reviewed.last_review_on,
  reviewed.longest_between_reviews,
  allocated.worker_id,
  allocated.team_id
from cp_plans plan
left join (
  select later.cp_plan_id, max(ended.end_date) as last_ended_on
  from cp_plans later
  inner join cp_plans ended
    on ended.person_id = later.person_id
    and ended.end_date <= later.start_date
    and ended.start_date <= ended.end_date
    and ended.cp_plan_id <> later.cp_plan_id
  group by later.cp_plan_id
) earlier on earlier.cp_plan_id = plan.cp_plan_id
left join (
  select cp_plan_id, max(visit_date) as last_visit_on
  from cp_visits
  where visit_date <= :period_end
  group by cp_plan_id
) visits on visits.cp_plan_id = plan.cp_plan_id
left join (
  select person_id, max(visit_date) as last_seen_on
  from cp_visits
  where visit_date <= :period_end and seen = 'Y'
  group by person_id
) seen on seen.person_id = plan.person_id
left join (
  select
    cp_plan_id,
    min(held_date) as first_review_on,
    max(held_date) as last_review_on,
    max(days_between(previous_held_date, held_date)) as longest_between_reviews
  from cp_reviews_in_order
  where held_date >= plan_start
  group by cp_plan_id
) reviewed on reviewed.cp_plan_id = plan.cp_plan_id
left join allocation_now allocated on allocated.person_id = plan.person_id
where plan.start_date <= :period_end
  and (plan.end_date is null or plan.end_date > :period_end)
