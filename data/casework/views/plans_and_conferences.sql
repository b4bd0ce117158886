-- one row: a child protection plan begun by the period end while no other was open, with the conference of that day
-- key: cp_plan_id
-- of: cp_plans
select plan.cp_plan_id, plan.person_id, plan.start_date, coalesce(held.conferences, 0) as conferences
from (
  select
    cp_plan_id,
    person_id,
    start_date,
    max(coalesce(end_date, date '9999-12-31'))
      over (partition by person_id order by start_date, cp_plan_id rows between unbounded preceding and 1 preceding)
      as open_before_until
  from cp_plans
  where start_date <= :period_end
) plan
left join (
  select person_id, conference_date, count(*) as conferences
  from initial_conferences
  group by person_id, conference_date
) held on held.person_id = plan.person_id and held.conference_date = plan.start_date
where plan.open_before_until is null or plan.open_before_until <= plan.start_date
