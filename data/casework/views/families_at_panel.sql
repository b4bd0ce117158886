-- one row: a family and a month in which the early help panel considered it, with the highest level of need decided for its children
-- key: panel_id
-- It stands under the first of the family's items of the month. An item that names no family is one of its own.
select
  item.panel_id,
  item.family_id,
  item.person_id,
  item.panel_date as first_panel_on,
  max(item.threshold_level) over (
    partition by coalesce(item.family_id, item.panel_id), first_day(item.panel_date)
  ) as highest_level,
  allocated.team_id
from early_help_panels item
left join allocation_now allocated on allocated.person_id = item.person_id
where item.panel_date <= :period_end
qualify row_number() over (
  partition by coalesce(item.family_id, item.panel_id), first_day(item.panel_date)
  order by item.panel_date, item.panel_id
) = 1
