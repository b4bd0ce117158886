-- one row: a child who is an unaccompanied asylum seeker in this year's return
-- key: child
-- As the header says it; where that does not, as a set of CSV files, by who is in the file of unaccompanied children. Where there is no
-- header at all, a record in that file counts if it holds more than the ID and the date of birth.
select h.child
from header h
where coalesce(try_cast(h.uasc as int), case when exists (select 1 from uasc u where u.child = h.child) then 1 else 0 end) = 1
union
select u.child
from uasc u
where not exists (select 1 from header) and (u.sex is not null or given(u.duc))
