-- one row: a worker who has left, as known at the period end; one who came back has not
-- key: worker_id
-- of: workers
select worker_id
from workers
where worker_id is not null
group by worker_id
having count(*) = count(case when end_date <= :period_end then 1 end)
