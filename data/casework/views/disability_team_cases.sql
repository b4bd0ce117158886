-- one row: a child whose case a disability team holds at the period end (one that has 'disab' in its name)
-- key: person_id
-- of: persons
select opened.person_id, opened.open_since, team.team_name
from open_cases opened
inner join teams team on team.team_id = opened.team_id
where lower(team.team_name) like '%disab%'
