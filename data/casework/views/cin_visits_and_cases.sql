-- one row: a visit to a child in need, with the day the child's case was closed where it has been
-- key: visit_id
-- of: cin_visits
select
  visit.visit_id,
  visit.person_id,
  visit.visit_date,
  closed.closed_on
from cin_visits visit
left join closed_cases closed on closed.person_id = visit.person_id
