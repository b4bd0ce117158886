-- one row: an audit of a child's file, with who held the case on the day it was completed (or due), and how many audits are like it
-- key: audit_id
-- of: case_audits
-- An allocation that ends before it begins is taken to go on.
select
  audit.audit_id,
  audit.person_id,
  audit.auditor_id,
  audit.due_date,
  audit.completed_date,
  audit.grade,
  held.allocations,
  held.own_allocations,
  count(*) over (partition by audit.person_id, audit.due_date) as audits_due_that_day
from case_audits audit
inner join (
  select
    done.audit_id,
    count(spell.involvement_id) as allocations,
    count(*) filter (where spell.worker_id = done.auditor_id) as own_allocations
  from case_audits done
  left join allocations spell
    on spell.person_id = done.person_id
    and spell.start_date <= coalesce(done.completed_date, done.due_date)
    and (
      spell.end_date is null
      or spell.end_date >= coalesce(done.completed_date, done.due_date)
      or spell.end_date < spell.start_date
    )
  group by done.audit_id
) held on held.audit_id = audit.audit_id
