-- one row: a placement, with when the child's next one starts and the latest end of those before it
-- key: placement_id
-- of: placements
select
    placement_id,
    start_date,
    end_date,
    change_reason,
    lead(start_date) over (partition by person_id order by start_date, placement_id) as next_start,
    max(end_date) over (
        partition by person_id order by start_date, placement_id
        rows between unbounded preceding and 1 preceding
    ) as ended_before
from placements
