-- one row: a child, with how many other records carry the same NHS number
-- key: person_id
-- of: persons
select
  person_id,
  common_child_id,
  dob,
  count(*) over (partition by common_child_id) - 1 as others_with_same_number
from persons
where common_child_id is not null
