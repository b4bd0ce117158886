-- one row: a child in care at the period end, with the last review held, when that and the next had to be held, whether one is planned, and the team that holds the case
-- key: person_id
-- of: persons
select
  care.person_id,
  care.cla_id,
  care.entered_care,
  coalesce(person.uasc, 'N') = 'Y' as is_uasc,
  held.last_held_date,
  latest.needed_by as last_needed_by,
  case
    when held.reviews_held is null then working_days_after(care.entered_care, :first_review_working_days)
    when held.reviews_held = 1 then held.last_held_date + :second_review_days
    else held.last_held_date + :later_review_days
  end as next_needed_by,
  planned.next_due_date,
  allocated.team_id
from (
  select person_id, cla_id, entered_care
  from periods_of_care
  where left_care is null
  qualify row_number() over (partition by person_id order by entered_care desc, cla_id desc) = 1
) care
left join persons person on person.person_id = care.person_id
left join (
  select cla_id, max(held_date) as last_held_date, count(*) as reviews_held
  from cla_reviews
  where held_date <= :period_end
  group by cla_id
) held on held.cla_id = care.cla_id
left join (
  select
    cla_id,
    -- The one review before it is the first of this time in care only if it was held soon after that began.
    case
      when reviews_before = 0 then working_days_after(entered_care, :first_review_working_days)
      when reviews_before = 1 and previous_held_date <= days_after(entered_care, :second_review_days)
        then days_after(previous_held_date, :second_review_days)
      else days_after(previous_held_date, :later_review_days)
    end as needed_by
  from cla_reviews_in_order
  where held_date is not null
  qualify row_number() over (partition by cla_id order by held_date desc, review_id desc) = 1
) latest on latest.cla_id = care.cla_id
left join (
  select cla_id, max(due_date) as next_due_date
  from cla_reviews
  where held_date is null and coalesce(cancelled, 'N') = 'N'
  group by cla_id
) planned on planned.cla_id = care.cla_id
left join allocation_now allocated on allocated.person_id = care.person_id
