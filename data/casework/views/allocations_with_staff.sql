-- one row: a spell for which a worker or team held a child's case, with what is known of that worker and team
-- key: involvement_id
-- of: involvements
select
  spell.involvement_id,
  spell.person_id,
  spell.worker_id,
  spell.role,
  spell.team_id,
  spell.case_type,
  spell.start_date,
  case when spell.end_date <= :period_end then spell.end_date end as end_date,
  team.opened_on as team_opened_on,
  team.closed_on as team_closed_on,
  team.team_now_id,
  worker.start_date as worker_started_on,
  case when worker.end_date <= :period_end then worker.end_date end as worker_left_on,
  worker.team_id as worker_team_id,
  worker_team.team_now_id as worker_team_now_id
from involvements spell
left join teams_now team on team.team_id = spell.team_id
left join workers worker on worker.worker_id = spell.worker_id
left join teams_now worker_team on worker_team.team_id = worker.team_id
where spell.role in ('Allocated Case Worker', 'Personal Adviser')
  and spell.start_date <= :period_end
