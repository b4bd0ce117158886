-- one row: what the words say is good, beside what the figure is good to be
-- key: claim_id
-- of: published_claims
select
  claim.claim_id,
  claim.measure,
  figure.title,
  claim.polarity as said,
  claim.polarity as printed,
  figure.polarity as expected,
  cast(null as double) as difference
from published_claims claim
inner join published_figures figure
  on figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope and figure.unit = claim.unit
  and figure.period = claim.period and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '')
where claim.kind = 'good_to_be' and figure.polarity in ('high', 'low')
