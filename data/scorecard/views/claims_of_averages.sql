-- one row: an average of twelve months that the words tell, beside the number of the twelve months by twelve
-- key: claim_id
-- of: published_claims
select
  claim.claim_id,
  claim.measure,
  figure.title,
  claim.printed,
  figure.printed as in_the_year,
  round(figure.value / 12.0, cast(coalesce(claim.places, 0) as integer)) as expected,
  round(claim.value - figure.value / 12.0, 4) as difference,
  coalesce(claim.half_unit, 0.5) + 0.000001 as slack
from published_claims claim
inner join published_figures figure
  on figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope and figure.period = claim.period
  and figure.unit = claim.unit and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '')
where claim.kind = 'average' and claim.unit = 'count' and figure.span = 'R12M' and claim.value is not null and figure.value is not null
