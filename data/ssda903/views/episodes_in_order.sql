-- one row: an episode, with the child's episodes before and after it
-- key: record
-- of: episodes
-- Episodes are in order of DECOM; one that has no DECOM comes last. Of two that began on a day, the one that ended first comes first.
-- place_in_order is 1 for the child's first. dec_given and decom_given say whether anything stands there, a day or not.
select
  e.record, e.child, e.decom, e.rne, e.ls, e.cin, e.place, e.place_provider, e.dec, e.rec, e.reason_place_change,
  e.home_post, e.pl_post, e.urn, given(e.dec) as dec_given, given(e.decom) as decom_given,
  row_number() over ordered as place_in_order,
  row_number() over ordered = count(*) over (partition by e.child) as is_last,
  lag(e.record) over ordered as previous_record,
  lag(e.decom) over ordered as previous_decom,
  lag(e.rne) over ordered as previous_rne,
  lag(e.ls) over ordered as previous_ls,
  lag(e.cin) over ordered as previous_cin,
  lag(e.place) over ordered as previous_place,
  lag(e.place_provider) over ordered as previous_place_provider,
  lag(e.dec) over ordered as previous_dec,
  lag(e.rec) over ordered as previous_rec,
  lag(e.reason_place_change) over ordered as previous_reason_place_change,
  lag(e.pl_post) over ordered as previous_pl_post,
  lag(e.urn) over ordered as previous_urn,
  lag(e.record, 2) over ordered as two_before_record,
  lag(e.place, 2) over ordered as two_before_place,
  lag(e.pl_post, 2) over ordered as two_before_pl_post,
  lead(e.record) over ordered as next_record,
  lead(e.decom) over ordered as next_decom,
  lead(e.rne) over ordered as next_rne,
  lead(e.ls) over ordered as next_ls,
  lead(e.place) over ordered as next_place
from episodes e
window ordered as (partition by e.child order by e.decom nulls last, e.dec nulls last, e.record)
