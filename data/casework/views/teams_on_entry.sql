-- one row: a period of care, with the team that held the child's case the day it began, or else the first to take it on during it
-- key: cla_id
select care.cla_id, spell.team_id
from periods_of_care care
inner join allocations spell
  on spell.person_id = care.person_id
  and (spell.end_date is null or spell.end_date > care.entered_care)
  and spell.start_date <= coalesce(care.left_care, :period_end)
qualify row_number() over (
  partition by care.cla_id
  order by
    spell.start_date <= care.entered_care desc,
    case when spell.start_date <= care.entered_care then spell.start_date end desc,
    spell.start_date,
    spell.involvement_id desc
) = 1
