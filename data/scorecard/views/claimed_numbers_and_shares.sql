-- one row: a share and the number beside it in the words, of a base that is not printed, with what the base lies between
-- key: claim_id
-- of: published_claims
-- What a table has is held against its base there.
select
  claim.claim_id,
  claim.measure,
  coalesce(claim.part, '') as part,
  claim.printed,
  claim.count as met,
  round(100.0 * claim.count / (claim.value + claim.half_unit), 2) as base_low,
  round(100.0 * claim.count / (claim.value - claim.half_unit), 2) as base_high,
  round(100.0 * claim.count / (claim.value - claim.half_unit) - 0.5, 0) as base_below,
  round(100.0 * claim.count / (claim.value + claim.half_unit) - 0.5, 0) as base_above_less_1
from published_claims claim
where claim.unit = 'percent' and claim.count > 0 and claim.value > claim.half_unit
  and not exists (select 1 from claims_with_base based where based.claim_id = claim.claim_id)
  and not exists (
    select 1 from published_figures figure
    where figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope
      and figure.period = claim.period and figure.unit = 'percent'
      and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '')
  )
