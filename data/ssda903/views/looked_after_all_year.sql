-- one row: a child who was continuously looked after through the collection year
-- key: child
-- No episode that began care in the year, none that ended it (REC other than X1) and none of respite (LS V3, V4) at any time of it.
with episodes_of_year as (
  select
    e.child,
    e.decom <= :collection_end and (e.dec >= :collection_start or e.dec is null) as in_year,
    e.rne = 'S' and e.decom > :collection_start and e.decom <= :collection_end as began,
    coalesce(e.rec, '') <> 'X1' and e.dec >= :collection_start and e.dec < :collection_end as ended,
    e.ls in ('V3', 'V4') and e.decom <= :collection_end and (e.dec >= :collection_start or e.dec is null) as respite
  from episodes e
  where e.child is not null
)
select y.child
from episodes_of_year y
group by y.child
having bool_or(y.in_year) and not bool_or(coalesce(y.began, false)) and not bool_or(coalesce(y.ended, false))
  and not bool_or(coalesce(y.respite, false))
