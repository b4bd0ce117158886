-- one row: a worker, with the day of the last three months on which most of the children they hold were visited, and the day on which most visits were written up
-- key: worker_id
-- of: workers
select
  worker.worker_id,
  worker.team_id,
  visited.busiest_day,
  coalesce(visited.children, 0) as children_that_day,
  entered.entry_day,
  coalesce(entered.visits, 0) as visits_entered_that_day,
  entered.visited_from,
  entered.visited_to
from workers worker
left join (
  select worker_id, visit_date as busiest_day, count(distinct person_id) as children
  from visits_by_worker
  where visit_date > months_after(:period_end, -3)
  group by worker_id, visit_date
  qualify row_number() over (partition by worker_id order by count(distinct person_id) desc, visit_date) = 1
) visited on visited.worker_id = worker.worker_id
left join (
  select
    worker_id,
    recorded_on as entry_day,
    count(*) as visits,
    min(visit_date) as visited_from,
    max(visit_date) as visited_to
  from visits_by_worker
  where recorded_on > months_after(:period_end, -3) and recorded_on <= :period_end
  group by worker_id, recorded_on
  qualify row_number() over (partition by worker_id order by count(*) desc, recorded_on) = 1
) entered on entered.worker_id = worker.worker_id
