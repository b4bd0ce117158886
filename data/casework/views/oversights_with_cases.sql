-- one row: a manager's oversight of a case, with who held the case that day and how many there are of the day
-- key: oversight_id
-- of: management_oversights
-- An allocation that ends before it begins is taken to go on.
select
  note.oversight_id,
  note.person_id,
  note.oversight_date,
  note.worker_id,
  held.allocations,
  held.own_allocations,
  count(*) over (partition by note.person_id, note.oversight_date) as notes_that_day
from management_oversights note
inner join (
  select
    seen.oversight_id,
    count(spell.involvement_id) as allocations,
    count(*) filter (where spell.worker_id = seen.worker_id) as own_allocations
  from management_oversights seen
  left join allocations spell
    on spell.person_id = seen.person_id
    and spell.start_date <= seen.oversight_date
    and (spell.end_date is null or spell.end_date >= seen.oversight_date or spell.end_date < spell.start_date)
  group by seen.oversight_id
) held on held.oversight_id = note.oversight_id
