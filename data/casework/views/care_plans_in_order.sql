-- one row: a care plan begun by the period end, with how many of the child's are open and whether adoption was the plan before
-- key: care_plan_id
-- of: care_plans
select
  care_plan_id,
  person_id,
  start_date,
  case when end_date <= :period_end then end_date end as end_date,
  permanence_plan,
  count(*) filter (where end_date is null or end_date > :period_end) over (partition by person_id) as open_plans,
  coalesce(
    max(case when permanence_plan = 'ADOPTION' then 1 else 0 end) over (
      partition by person_id
      order by start_date, care_plan_id
      rows between unbounded preceding and 1 preceding
    ),
    0
  ) = 1 as adoption_before
from care_plans
where start_date <= :period_end
