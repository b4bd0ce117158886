-- one row: the authority, with the first school month since its attendance records began for which none came in
-- key: team_id
-- of: teams
-- August is no school month.
with received as (
  select distinct first_day(month) as month
  from attendance
  where month <= :period_end
),
followed as (
  select
    month,
    months_after(month, case when month(month) = 7 then 2 else 1 end) as due_month,
    coalesce(lead(month) over (order by month), months_after(first_day(:period_end), 1)) as next_month
  from received
)
select
  unit.team_id,
  gaps.first_month,
  gaps.missing_month
from teams unit
inner join (
  select min(month) as first_month, min(due_month) filter (where due_month < next_month) as missing_month
  from followed
) gaps on gaps.first_month is not null
where unit.parent_id is null
-- The authority is one, though a team may lack a parent by mistake.
qualify row_number() over (order by unit.team_id) = 1
