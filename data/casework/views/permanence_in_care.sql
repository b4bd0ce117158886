-- one row: a permanence record, with the period of care it belongs to and how that ended
-- key: permanence_id
-- of: permanence
-- A day of coming into care that is before the day of birth is wrong, so nothing is counted from it.
select
  plan.permanence_id,
  plan.person_id,
  plan.cla_id,
  plan.plan_agreed_date,
  plan.adm_decision_date,
  plan.placement_order_date,
  plan.matched_date,
  plan.placed_date,
  plan.reversed_date,
  plan.order_date,
  plan.order_type,
  case when person.dob is null or care.entered_care >= person.dob then care.entered_care end as entered_care,
  care.left_care,
  case when care.cla_id is not null then care.left_care is null end as in_care,
  ended.ceased_reason as left_reason,
  placement.adoption_placement_on,
  count(*) filter (
    where plan.adm_decision_date is not null and plan.reversed_date is null and plan.order_date is null
  ) over (partition by plan.person_id) as open_decisions
from permanence plan
left join persons person on person.person_id = plan.person_id
left join periods_of_care care on care.cla_id = plan.cla_id
left join (
  select cla_id, ceased_date, ceased_reason
  from cla_episodes
  where ceased_date <= :period_end
  qualify row_number() over (partition by cla_id order by ceased_date desc, start_date desc, episode_id desc) = 1
) ended on ended.cla_id = plan.cla_id and ended.ceased_date = care.left_care
left join (
  select cla_id, min(start_date) as adoption_placement_on
  from cla_placements
  where placement_type in ('A3', 'A4', 'A5', 'A6') and start_date <= :period_end
  group by cla_id
) placement on placement.cla_id = plan.cla_id
