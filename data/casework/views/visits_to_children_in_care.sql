-- one row: a child in care at the period end, with when they were last seen, when they next had to be, and the last visit of the reviewing officer
-- key: person_id
-- of: persons
-- A stay in hospital, on holiday or the like (types T0 to T4) is no new placement, and asks for no visit in its first week.
select
  care.person_id,
  care.cla_id,
  care.entered_care,
  care.is_uasc,
  seen.last_seen_on,
  case
    when seen.last_seen_on is null or (care.placement_type not like 'T%' and seen.last_seen_on < care.placement_start)
      then days_after(coalesce(care.placement_start, care.entered_care), :first_visit_days)
    when care.placement_type in ('U1', 'U4')
      and care.placement_start <= months_after(:period_end, -:settled_placement_months)
      then days_after(seen.last_seen_on, :cla_settled_visit_days)
    else days_after(seen.last_seen_on, :cla_visit_days)
  end as visit_needed_by,
  officer.last_iro_visit_on,
  care.team_id
from children_in_care care
left join (
  select person_id, cla_id, max(visit_date) as last_seen_on
  from cla_visits
  where visit_date <= :period_end and seen = 'Y'
  group by person_id, cla_id
) seen on seen.person_id = care.person_id and seen.cla_id = care.cla_id
left join (
  select person_id, max(visit_date) as last_iro_visit_on
  from iro_visits
  where visit_date <= :period_end
  group by person_id
) officer on officer.person_id = care.person_id
