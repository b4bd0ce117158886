-- one row: a post as it was filled for a time, with what is known of its worker and team, and its place among the worker's posts like it
-- key: post_id
-- of: posts
-- Posts of a worker are alike if they are both open or both ended, and both hold cases or both do not: the largest is first.
select
  post.post_id,
  post.worker_id,
  post.team_id,
  post.start_date,
  post.end_date,
  post.end_date is null or post.end_date > :period_end as is_open,
  post.role,
  post.fte,
  post.employment_type,
  post.qualified,
  post.primary_worker,
  team.closed_on as team_closed_on,
  team.team_now_id,
  team.service as team_service,
  worker.agency_worker,
  worker.start_date as worker_started_on,
  case when worker.end_date <= :period_end then worker.end_date end as worker_left_on,
  worker_team.team_now_id as worker_team_now_id,
  count(*) filter (where post.end_date is null or post.end_date > :period_end)
    over (partition by post.worker_id) as posts_of_worker,
  row_number() over (
    partition by post.worker_id, post.primary_worker, post.end_date is null or post.end_date > :period_end
    order by post.fte desc, post.start_date desc, post.post_id
  ) as place_among_alike,
  max(coalesce(post.end_date, date '9999-12-31')) over in_team as held_before_until
from posts post
left join teams_now team on team.team_id = post.team_id
left join workers worker on worker.worker_id = post.worker_id
left join teams_now worker_team on worker_team.team_id = worker.team_id
where post.start_date <= :period_end
window in_team as (
  partition by post.worker_id, post.team_id
  order by post.start_date, post.post_id
  rows between unbounded preceding and 1 preceding
)
