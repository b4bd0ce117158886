-- one row: a child of the header, with whether an unaccompanied asylum seeker
-- key: record
-- of: header
-- is_uasc is 1 or 0 where it is known. XML says it; a set of CSV files says it by who is in the file of unaccompanied children.
select
  h.record, h.child, h.sex, h.dob, h.mother, h.uasc,
  coalesce(try_cast(h.uasc as int), case when exists (select 1 from uasc u where u.child = h.child) then 1 else 0 end)
    as is_uasc
from header h
