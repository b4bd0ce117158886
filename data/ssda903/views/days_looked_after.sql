-- one row: a child of the header, with the days looked after since turning 14 and 16, as far as two returns tell
-- key: child
-- Episodes of this year's return and last year's; one that both have counts once, as it ended first. Respite care (LS V3, V4) does not
-- count; the latest episode, if open, counts to the end of the year. adopted says whether that one ended with adoption.
with both_years as (
  select e.child, e.decom, e.dec, e.ls, e.rec, 1 as of_year
  from episodes e
  union all
  select l.child, l.decom, l.dec, l.ls, l.rec, 2
  from episodes_last l
), numbered as (
  select
    b.child, b.decom, b.dec, b.ls, b.rec,
    row_number() over (partition by b.child, b.decom order by b.dec nulls last, b.of_year) as nth
  from both_years b
  where b.decom is not null
), ended as (
  select
    n.child, n.decom, n.ls, n.rec,
    row_number() over (partition by n.child order by n.decom desc) = 1 as is_latest,
    case when row_number() over (partition by n.child order by n.decom desc) = 1 then coalesce(n.dec, :collection_end)
      else n.dec end as dec
  from numbered n
  where n.nth = 1
)
select
  h.child,
  h.dob,
  coalesce(bool_or(e.is_latest and e.rec in ('E11', 'E12')), false) as adopted,
  coalesce(sum(case when coalesce(e.ls, '') in ('V3', 'V4') then 0
    else greatest(0, days_between(greatest(e.decom, months_after(h.dob, 168)), e.dec)) end), 0) as since_14,
  coalesce(sum(case when coalesce(e.ls, '') in ('V3', 'V4') then 0
    else greatest(0, days_between(greatest(e.decom, months_after(h.dob, 192)), e.dec)) end), 0) as since_16
from header h
left join ended e on e.child = h.child
group by h.child, h.dob
