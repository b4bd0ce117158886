-- one row: a child whose case was held, and at the period end no longer is by anybody, with the day it was closed
-- key: person_id
-- of: persons
-- A child with an involvement that has no dates, or has them out of order, is left out: when the case closed is not known.
select person_id, max(end_date) as closed_on
from involvements
group by person_id
having count(*) = count(case when end_date >= start_date and end_date <= :period_end then involvement_id end)
