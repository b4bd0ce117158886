-- one row: a team, with those above it, what it holds, and what became of it
-- key: team_id
-- of: teams
select
  unit.team_id,
  unit.team_name,
  unit.parent_id,
  parent.parent_id as grandparent_id,
  grandparent.parent_id as great_grandparent_id,
  parent_now.closed_on as parent_closed_on,
  unit.successor_id,
  now.closed_on,
  now.work_is_held,
  coalesce(held.open_cases, 0) as open_cases,
  count(*) filter (where unit.parent_id is null) over () as heads
from teams unit
left join teams parent on parent.team_id = unit.parent_id
left join teams grandparent on grandparent.team_id = parent.parent_id
left join teams_now parent_now on parent_now.team_id = unit.parent_id
left join teams_now now on now.team_id = unit.team_id
left join (
  select team_id, count(*) as open_cases
  from allocations
  where end_date is null
  group by team_id
) held on held.team_id = unit.team_id
