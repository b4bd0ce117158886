-- one row: the return, with how many children it holds and for how many of those born the sex is not known
-- key: record
-- of: header
-- A return without a header is still one: its key is 'return'.
with heading as (
  select coalesce(min(record), 'return') as record from header
),
children as (
  select
    count(*) as children,
    count(*) filter (where ExpectedPersonBirthDate is null and coalesce(Sex, 'U') = 'U') as sex_not_known
  from childidentifiers
)
select heading.record, children.children, children.sex_not_known
from heading
cross join children
