-- one row: a share and its number that the words tell of what no table has, worked out again
-- key: claim_id
-- of: published_claims
-- What the table has with its number, or has otherwise, is told of there.
with based as (
  select
    claim.claim_id,
    claim.paper,
    claim.measure,
    claim.scope,
    claim.part,
    claim.period,
    claim.unit,
    claim.printed,
    claim.value,
    coalesce(claim.places, 0) as places,
    coalesce(claim.half_unit, 0.5) + 0.000001 as half,
    coalesce(claim.numerator, claim.count) as met,
    coalesce(claim.denominator, whole.value) as base
  from published_claims claim
  left join published_relations relation
    on relation.paper = claim.paper and relation.measure = claim.measure and relation.kind = 'base'
  left join published_figures whole
    on whole.paper = claim.paper and whole.measure = relation.of_measure and whole.scope = claim.scope and whole.period = claim.period
    and whole.unit = 'count' and whole.part is null and whole.of_figure is null and whole.span is null
  where claim.unit = 'percent' and claim.value is not null and coalesce(claim.numerator, claim.count) is not null
    and claim.kind in ('value', 'high', 'low', 'average')
    and not exists (
      select 1 from published_figures figure
      where figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope
        and figure.period = claim.period and figure.unit = 'percent' and (figure.count is not null or figure.value <> claim.value)
        and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '')
    )
)
select
  claim_id,
  measure,
  coalesce(part, '') as part,
  printed,
  met,
  base,
  round(100.0 * met / base, cast(places as integer)) as expected,
  round(value - 100.0 * met / base, cast(places + 3 as integer)) as difference,
  half as slack
from based
where base > 0
