-- one row: a team, with the open team that does its work now: itself, or where it has closed the one that took over
-- key: team_id
-- of: teams
-- A team that took over may have closed in its turn: up to sixteen are followed, twice as far at each step. A closed
-- team that leads to no open one, or round in a circle, stands for itself.
with known as (
  select
    unit.team_id,
    min(unit.start_date) as opened_on,
    min(case when unit.end_date <= :period_end then unit.end_date end) as closed_on,
    min(unit.successor_id) as successor_id,
    min(unit.service) as service
  from teams unit
  group by unit.team_id
),
after_1 as (
  select
    unit.team_id,
    unit.opened_on,
    unit.closed_on,
    unit.successor_id,
    unit.service,
    coalesce(case when unit.closed_on is not null then next.team_id end, unit.team_id) as then_id
  from known unit
  left join known next on next.team_id = unit.successor_id
),
after_2 as (
  select a.team_id, b.then_id from after_1 a inner join after_1 b on b.team_id = a.then_id
),
after_4 as (
  select a.team_id, b.then_id from after_2 a inner join after_2 b on b.team_id = a.then_id
),
after_8 as (
  select a.team_id, b.then_id from after_4 a inner join after_4 b on b.team_id = a.then_id
),
after_16 as (
  select a.team_id, b.then_id from after_8 a inner join after_8 b on b.team_id = a.then_id
)
select
  unit.team_id,
  unit.opened_on,
  unit.closed_on,
  unit.successor_id,
  unit.service,
  case when last.closed_on is null then last.team_id else unit.team_id end as team_now_id,
  last.closed_on is null as work_is_held
from after_1 unit
inner join after_16 on after_16.team_id = unit.team_id
inner join known last on last.team_id = after_16.then_id
