-- one row: a change, or how far a figure is from its target, as the words tell it, beside what the table gives
-- key: claim_id
-- of: published_claims
select
  claim.claim_id,
  claim.kind,
  claim.measure,
  figure.title,
  claim.printed,
  figure.printed as now_printed,
  coalesce(before.printed, 'a target of ' || cast(figure.target as varchar)) as other_printed,
  round(abs(figure.value - coalesce(before.value, figure.target)), cast(coalesce(claim.places, 0) as integer)) as expected,
  round(claim.value - abs(figure.value - coalesce(before.value, figure.target)), 4) as difference,
  coalesce(claim.half_unit, 0.5) + case when claim.unit = 'count' then 0 else figure.half_unit + coalesce(before.half_unit, 0) end + 0.000001
    as slack
from published_claims claim
inner join published_figures figure
  on figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope and figure.period = claim.period
  and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '') and figure.unit = claim.unit
left join published_figures before
  on before.paper = claim.paper and before.measure = claim.measure and before.scope = claim.scope and before.period = claim.since
  and coalesce(lower(before.part), '') = coalesce(lower(claim.part), '') and before.unit = claim.unit
where claim.kind in ('change', 'gap') and claim.value is not null and figure.value is not null
  and (claim.kind = 'change' and before.value is not null or claim.kind = 'gap' and figure.target is not null)
qualify row_number() over (partition by claim.claim_id order by figure.figure_id, before.figure_id) = 1
