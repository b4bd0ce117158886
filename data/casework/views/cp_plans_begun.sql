-- one row: a child protection plan begun by the period end while the child was on no other, with the plan before it and the team that held the case that day
-- key: cp_plan_id
-- of: cp_plans
select
  plan.cp_plan_id,
  plan.person_id,
  plan.start_date,
  plan.latest_end_before as earlier_plan_ended_on,
  held.team_id
from cp_plans_in_order plan
left join (
  select begun.cp_plan_id, spell.team_id
  from cp_plans begun
  inner join allocations spell
    on spell.person_id = begun.person_id
    and spell.start_date <= begun.start_date
    and (spell.end_date is null or spell.end_date > begun.start_date)
  qualify row_number() over (
    partition by begun.cp_plan_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
) held on held.cp_plan_id = plan.cp_plan_id
where plan.latest_end_before is null or plan.latest_end_before <= plan.start_date
