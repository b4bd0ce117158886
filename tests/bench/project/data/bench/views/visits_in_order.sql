-- one row: a visit, with the date of the child's visit before it
-- key: visit_id
-- of: visits
select
    visit_id,
    visit_date,
    lag(visit_date) over (partition by person_id order by visit_date, visit_id) as previous_visit
from visits
