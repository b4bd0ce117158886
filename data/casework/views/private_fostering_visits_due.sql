-- one row: a visit, made or not, under a private fostering arrangement that goes on at the period end, with the day it was due by
-- key: visit_id
-- of: private_fostering_visits
-- Due is the day recorded. Where none is: so many working days after the notification for the first visit, so many days
-- after the one before for a later one, more once the arrangement is a year old.
with visit as (
  select
    visit.visit_id,
    visit.person_id,
    visit.arrangement_id,
    visit.due_date,
    case when visit.visit_date <= :period_end then visit.visit_date end as visit_date,
    made.start_date as arrangement_start,
    made.notified_date,
    made.team_id
  from private_fostering_visits visit
  inner join private_fostering_in_order made on made.arrangement_id = visit.arrangement_id and made.end_date is null
),
in_order as (
  select
    visit_id,
    max(visit_date) over (
      partition by arrangement_id order by coalesce(visit_date, due_date), visit_id
      rows between unbounded preceding and 1 preceding
    ) as visited_before_on
  from visit
)
select
  visit.visit_id,
  visit.person_id,
  visit.arrangement_id,
  visit.visit_date,
  coalesce(
    visit.due_date,
    case
      when in_order.visited_before_on is null then
        working_days_after(visit.notified_date, cast(:private_fostering_first_visit_working_days as bigint))
      when in_order.visited_before_on < months_after(visit.arrangement_start, 12) then
        days_after(in_order.visited_before_on, cast(:private_fostering_visit_days as bigint))
      else days_after(in_order.visited_before_on, cast(:private_fostering_later_visit_days as bigint))
    end
  ) as due_on,
  visit.team_id
from visit
inner join in_order on in_order.visit_id = visit.visit_id
