-- one row: a child's plan for adoption (the latest, if there was more than one) as it stood at the period end
-- key: permanence_id
-- of: permanence
-- Time is counted only between days that are in order. A child whose placement for adoption has ended, and whose plan is
-- still adoption, waits again and has not moved in.
select
  plan.permanence_id,
  plan.person_id,
  held.team_id,
  person.sex,
  person.ethnicity,
  age_at(person.dob, plan.adopted_on) as age_adopted,
  plan.entered_care,
  plan.plan_agreed_on,
  plan.decided_on,
  case when plan.decided_on >= plan.entered_care then date_sub('month', plan.entered_care, plan.decided_on) end
    as months_to_decision,
  plan.reversed_on,
  plan.matched_on,
  case when plan.matched_on >= plan.placement_order_on then days_between(plan.placement_order_on, plan.matched_on) end
    as days_to_match,
  plan.is_waiting,
  plan.moved_in_on,
  case when plan.moved_in_on >= plan.entered_care then days_between(plan.entered_care, plan.moved_in_on) end
    as days_to_move,
  plan.adopted_on
from (
  select
    permanence_id,
    person_id,
    entered_care,
    plan_agreed_on,
    decided_on,
    reversed_on,
    placement_order_on,
    matched_on,
    adopted_on,
    unplaced and (placed_on is null or adoption_placement_on is not null) as is_waiting,
    case when not (unplaced and adoption_placement_on is not null) then coalesce(placed_on, adoption_placement_on) end
      as moved_in_on
  from (
    select
      record.permanence_id,
      record.person_id,
      record.entered_care,
      record.adoption_placement_on,
      case when record.plan_agreed_date <= :period_end then record.plan_agreed_date end as plan_agreed_on,
      case when record.adm_decision_date <= :period_end then record.adm_decision_date end as decided_on,
      case when record.reversed_date <= :period_end then record.reversed_date end as reversed_on,
      case when record.placement_order_date <= :period_end then record.placement_order_date end as placement_order_on,
      case when record.matched_date <= :period_end then record.matched_date end as matched_on,
      case when record.placed_date <= :period_end then record.placed_date end as placed_on,
      case when record.order_type = 'Adoption' and record.order_date <= :period_end then record.order_date end
        as adopted_on,
      coalesce(
        record.in_care
        and record.adm_decision_date <= :period_end
        and coalesce(record.reversed_date > :period_end, true)
        and not coalesce(record.order_date <= :period_end, false)
        and placed.cla_id is null,
        false
      ) as unplaced
    from permanence_in_care record
    left join (
      select distinct cla_id
      from placements_in_order
      where placement_type in ('A3', 'A4', 'A5', 'A6') and end_date is null
    ) placed on placed.cla_id = record.cla_id
  ) dated
  where decided_on is not null or placement_order_on is not null or matched_on is not null or placed_on is not null
    or adopted_on is not null
  qualify row_number() over (
    partition by person_id order by adopted_on is null, decided_on is null, decided_on desc, permanence_id desc
  ) = 1
) plan
left join persons person on person.person_id = plan.person_id
left join (
  select person_id, team_id
  from allocations
  qualify row_number() over (
    partition by person_id order by end_date is not null, start_date desc, involvement_id desc
  ) = 1
) held on held.person_id = plan.person_id
