-- one row: a visit by the reviewing officer to a child who was in care on the day, with the team that held the case then
-- key: visit_id
-- of: iro_visits
select
  visit.visit_id,
  visit.person_id,
  visit.visit_date,
  visit.seen,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  holder.team_id
from iro_visits visit
left join persons person on person.person_id = visit.person_id
left join (
  select visited.visit_id, spell.team_id
  from iro_visits visited
  inner join allocations spell
    on spell.person_id = visited.person_id
    and spell.start_date <= visited.visit_date
    and (spell.end_date is null or spell.end_date > visited.visit_date)
  qualify row_number() over (
    partition by visited.visit_id order by spell.start_date desc, spell.involvement_id desc
  ) = 1
) holder on holder.visit_id = visit.visit_id
where visit.visit_date <= :period_end
  and exists (
    select 1
    from periods_of_care care
    where care.person_id = visit.person_id
      and care.entered_care <= visit.visit_date
      and (care.left_care is null or care.left_care > visit.visit_date)
  )
