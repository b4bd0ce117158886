-- one row: what permanent home a child had before, with the latest day that it can have been made
-- key: record
-- of: prev_perm
-- latest_day is the last of the month where the day is not known, and of the year where the month is not; it is empty where the year
-- is not known, and where DATE_PERM is no day. can_be_read says which.
with parts as (
  select
    p.record, p.child, p.prev_perm, p.la_perm, p.date_perm,
    p.date_perm is null or is_partial_date(p.date_perm) as can_be_read,
    substring(p.date_perm, 1, 2) as day, substring(p.date_perm, 4, 2) as month, substring(p.date_perm, 7, 4) as year
  from prev_perm p
)
select
  p.record, p.child, p.prev_perm, p.la_perm, p.date_perm, p.can_be_read,
  case
    when not p.can_be_read or p.year = 'ZZZZ' then null
    when p.month = 'ZZ' then try_cast(p.year || '-12-31' as date)
    when p.day = 'ZZ' then last_day(try_cast(p.year || '-' || p.month || '-01' as date))
    else try_cast(p.year || '-' || p.month || '-' || p.day as date)
  end as latest_day
from parts p
