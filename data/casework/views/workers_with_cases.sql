-- one row: a worker, with the cases and posts held at the period end, the fostering households supported and the latest supervision
-- key: worker_id
-- of: workers
select
  worker.worker_id,
  worker.job_title,
  worker.full_time_equivalency,
  worker.start_date,
  worker.end_date,
  worker.end_date is null or worker.end_date > :period_end as in_service,
  worker.team_id,
  team.closed_on as team_closed_on,
  coalesce(held.open_cases, 0) as open_cases,
  coalesce(held.plan_and_care_cases, 0) as plan_and_care_cases,
  team.service as team_service,
  coalesce(supported.households, 0) as households,
  coalesce(filled.posts, 0) as posts,
  filled.fte as posts_fte,
  filled.social_work_fte,
  filled.fostering_fte,
  coalesce(filled.qualified_posts, 0) as qualified_posts,
  coalesce(filled.unqualified_posts, 0) as unqualified_posts,
  supervised.last_on as last_supervision_on
from workers worker
left join teams_now team on team.team_id = worker.team_id
left join (
  select
    worker_id,
    count(*) as open_cases,
    count(*) filter (where case_type in ('CP', 'CLA')) as plan_and_care_cases
  from allocations
  where end_date is null
  group by worker_id
) held on held.worker_id = worker.worker_id
left join (
  select worker_id, count(*) as households
  from foster_carers
  where approved_date <= :period_end and (ended_date is null or ended_date > :period_end)
  group by worker_id
) supported on supported.worker_id = worker.worker_id
left join (
  select
    worker_id,
    count(*) as posts,
    round(sum(fte), 2) as fte,
    round(sum(fte) filter (where primary_worker = 'Y' and role <> 'Personal Adviser'), 2) as social_work_fte,
    round(sum(fte) filter (where role in ('Social Worker', 'Senior Practitioner')), 2) as fostering_fte,
    count(*) filter (where qualified = 'Y') as qualified_posts,
    count(*) filter (where qualified = 'N') as unqualified_posts
  from posts
  where start_date <= :period_end and (end_date is null or end_date > :period_end)
  group by worker_id
) filled on filled.worker_id = worker.worker_id
left join (
  select worker_id, max(held_date) as last_on
  from supervisions
  where held_date <= :period_end
  group by worker_id
) supervised on supervised.worker_id = worker.worker_id
