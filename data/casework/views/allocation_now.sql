-- one row: a child whose case is open at the period end, with the team and worker that hold it (the latest to start)
-- key: person_id
select person_id, worker_id, team_id, case_type, start_date, involvement_id
from allocations
where end_date is null
qualify row_number() over (partition by person_id order by start_date desc, involvement_id desc) = 1
