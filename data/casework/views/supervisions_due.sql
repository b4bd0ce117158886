-- one row: a supervision session, with the day it was held by the period end, its team, and when its worker left
-- key: supervision_id
-- of: supervisions
select
  session.supervision_id,
  session.worker_id,
  session.due_date,
  case when session.held_date <= :period_end then session.held_date end as held_date,
  worker.left_on,
  coalesce(session.team_id, worker.team_id) as team_id
from supervisions session
left join (
  select
    worker_id,
    max(team_id) as team_id,
    case when count(*) = count(case when end_date <= :period_end then 1 end) then max(end_date) end as left_on
  from workers
  group by worker_id
) worker on worker.worker_id = session.worker_id
