-- one row: a team, with the area or service it belongs to and the authority at the head
-- key: team_id
-- A unit with no parent is the authority. A unit whose parent is the authority and that other units name as
-- parent is an area. A team directly under the authority has no area.
select
  unit.team_id,
  unit.team_name,
  case
    when unit.parent_id is null then null
    when parent.parent_id is not null then parent.team_id
    when exists (select 1 from teams child where child.parent_id = unit.team_id) then unit.team_id
  end as area_id,
  case
    when unit.parent_id is null then 'authority'
    when parent.parent_id is null and exists (select 1 from teams child where child.parent_id = unit.team_id) then 'area'
    else 'team'
  end as level
from teams unit
left join teams parent on parent.team_id = unit.parent_id
