-- one row: a child protection plan that had begun by the period end, beside the child's other plans
-- key: cp_plan_id
-- of: cp_plans
-- A plan that ends before it begins is left out: that is found by itself, and says nothing of the others.
select
  cp_plan_id,
  person_id,
  start_date,
  end_date,
  cast(sum(case when end_date is null then 1 else 0 end) over (partition by person_id) as bigint) as open_plans,
  max(coalesce(end_date, date '9999-12-31')) over before_it as latest_end_before
from (
  select
    cp_plan_id, person_id, start_date, case when end_date <= :period_end then end_date end as end_date
  from cp_plans
  where start_date <= :period_end and (end_date is null or end_date >= start_date)
) plan
window before_it as (
  partition by person_id order by start_date, cp_plan_id rows between unbounded preceding and 1 preceding
)
