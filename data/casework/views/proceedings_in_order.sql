-- one row: care proceedings issued by the period end, with how many of the child's are open at that date and the team that holds the case
-- key: proceedings_id
-- of: care_proceedings
select
  proceedings.proceedings_id,
  proceedings.person_id,
  proceedings.issue_date,
  case when proceedings.end_date <= :period_end then proceedings.end_date end as end_date,
  proceedings.outcome,
  count(*) filter (where proceedings.end_date is null or proceedings.end_date > :period_end)
    over (partition by proceedings.person_id) as open_proceedings,
  allocated.team_id
from care_proceedings proceedings
left join allocation_now allocated on allocated.person_id = proceedings.person_id
where proceedings.issue_date <= :period_end
