-- one row: a supervision session, with when its worker left and how many sessions were held on one day
-- key: supervision_id
-- of: supervisions
select
  session.supervision_id,
  session.worker_id,
  session.supervisor_id,
  session.due_date,
  session.held_date,
  case when worker.end_date <= :period_end then worker.end_date end as worker_left_on,
  count(session.held_date) over (partition by session.worker_id, session.held_date) as held_that_day
from supervisions session
left join workers worker on worker.worker_id = session.worker_id
