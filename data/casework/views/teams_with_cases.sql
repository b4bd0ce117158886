-- one row: a team, with the open cases allocated in it
-- key: team_id
-- of: teams
select
  team.team_id,
  team.service,
  coalesce(held.cases, 0) as open_cases
from teams_now team
left join (
  select team_id, count(*) as cases
  from allocations
  where end_date is null
  group by team_id
) held on held.team_id = team.team_id
