-- one row: a visit to a child in need, on a plan or in care, with the worker and team that held the case that day
-- key: visit_id
with visit as (
  select visit_id, person_id, visit_date, recorded_on from cin_visits
  union all
  select visit_id, person_id, visit_date, recorded_on from cp_visits
  union all
  select visit_id, person_id, visit_date, recorded_on from cla_visits
)
select visit.visit_id, visit.person_id, visit.visit_date, visit.recorded_on, spell.worker_id, spell.team_id
from visit
inner join allocations spell
  on spell.person_id = visit.person_id
  and spell.start_date <= visit.visit_date
  and (spell.end_date is null or spell.end_date > visit.visit_date)
where visit.visit_date <= :period_end
qualify row_number() over (
  partition by visit.visit_id order by spell.start_date desc, spell.involvement_id desc
) = 1
