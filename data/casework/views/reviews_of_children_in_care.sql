-- one row: a child in care at the period end, with the last review held, when the next had to be held, and whether one is planned
-- key: person_id
-- of: persons
select
  care.person_id,
  care.cla_id,
  care.entered_care,
  held.last_held_date,
  case
    when held.reviews_held is null then working_days_after(care.entered_care, :first_review_working_days)
    when held.reviews_held = 1 then held.last_held_date + :second_review_days
    else held.last_held_date + :later_review_days
  end as next_needed_by,
  planned.next_due_date
from (
  select person_id, cla_id, entered_care
  from periods_of_care
  where left_care is null
  qualify row_number() over (partition by person_id order by entered_care desc, cla_id desc) = 1
) care
left join (
  select cla_id, max(held_date) as last_held_date, count(*) as reviews_held
  from cla_reviews
  where held_date <= :period_end
  group by cla_id
) held on held.cla_id = care.cla_id
left join (
  select cla_id, max(due_date) as next_due_date
  from cla_reviews
  where held_date is null and coalesce(cancelled, 'N') = 'N'
  group by cla_id
) planned on planned.cla_id = care.cla_id
