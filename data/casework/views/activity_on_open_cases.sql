-- one row: a child whose case a team holds at the period end, with the last that was done or recorded on it
-- key: person_id
-- of: persons
select
  held.person_id,
  held.open_since,
  greatest(need.last_on, plan.last_on, care.last_on, overseen.last_on, allocated.last_on, held.open_since)
    as last_activity_on,
  overseen.last_on as last_oversight_on
from open_cases held
left join (
  select person_id, max(visit_date) as last_on from cin_visits where visit_date <= :period_end group by person_id
) need on need.person_id = held.person_id
left join (
  select person_id, max(visit_date) as last_on from cp_visits where visit_date <= :period_end group by person_id
) plan on plan.person_id = held.person_id
left join (
  select person_id, max(visit_date) as last_on from cla_visits where visit_date <= :period_end group by person_id
) care on care.person_id = held.person_id
left join (
  select person_id, max(oversight_date) as last_on
  from management_oversights
  where oversight_date <= :period_end
  group by person_id
) overseen on overseen.person_id = held.person_id
left join (
  select person_id, max(start_date) as last_on from allocations group by person_id
) allocated on allocated.person_id = held.person_id
where held.involvement_id is not null
