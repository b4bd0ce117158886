-- one row: the return, with how many codes of disability it uses and the most that it has of one child
-- key: record
-- of: header
-- NONE is no disability. A return without a header is still one: its key is 'return'.
with heading as (
  select coalesce(min(record), 'return') as record from header
),
disabled as (
  select LAchildID, Disability from disabilities where Disability is distinct from 'NONE'
),
used as (
  select count(distinct Disability) as codes from disabled
),
each_child as (
  select count(Disability) as codes from disabled where LAchildID is not null group by LAchildID
),
most as (
  select max(codes) as codes from each_child
)
select heading.record, used.codes as codes_used, most.codes as most_of_a_child
from heading
cross join used
cross join most
