-- one row: a child protection plan that had ended by the period end and left the child on no other, with the team that held the case that day
-- key: cp_plan_id
-- of: cp_plans
-- A case is often closed on the day the plan ends: an allocation that ends on that day still holds it, unless another began.
select
  plan.cp_plan_id,
  plan.person_id,
  plan.start_date,
  plan.end_date,
  held.team_id
from cp_plans_in_order plan
left join (
  select ended.cp_plan_id, spell.team_id
  from cp_plans ended
  inner join allocations spell
    on spell.person_id = ended.person_id
    and spell.start_date <= ended.end_date
    and (spell.end_date is null or spell.end_date >= ended.end_date)
  qualify row_number() over (
    partition by ended.cp_plan_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
) held on held.cp_plan_id = plan.cp_plan_id
where plan.end_date is not null
  and not exists (
    select 1
    from cp_plans_in_order other
    where other.person_id = plan.person_id
      and other.cp_plan_id <> plan.cp_plan_id
      and other.start_date < plan.end_date
      and (
        other.end_date is null
        or other.end_date > plan.end_date
        or (other.end_date = plan.end_date and other.cp_plan_id > plan.cp_plan_id)
      )
  )
