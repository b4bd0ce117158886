-- one row: a month said to be the highest or lowest, beside the highest or lowest of the months printed
-- key: claim_id
-- of: published_claims
-- A row may end in a total of twelve months, which is none of the months.
select
  claim.claim_id,
  claim.kind,
  claim.measure,
  min(figure.title) as title,
  claim.period,
  claim.printed,
  claim.value,
  case when claim.kind = 'high' then max(figure.value) else min(figure.value) end as expected,
  round(claim.value - case when claim.kind = 'high' then max(figure.value) else min(figure.value) end, 4) as difference,
  coalesce(claim.half_unit, 0.5) + max(coalesce(figure.half_unit, 0.5)) + 0.000001 as slack
from published_claims claim
inner join published_figures figure
  on figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope
  and figure.unit = claim.unit and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '')
  and figure.period > last_day(months_after(claim.edition, -12)) and figure.period <= claim.edition
where not exists (
    select 1 from published_figures month
    where month.paper = figure.paper and month.measure = figure.measure and month.scope = figure.scope and month.period = figure.period
      and month.unit = figure.unit and coalesce(month.part, '') = coalesce(figure.part, '')
      and figure.span is not null and month.span is null
  )
  and claim.kind in ('high', 'low') and claim.value is not null and figure.value is not null and figure.of_figure is null
group by claim.claim_id, claim.kind, claim.measure, claim.part, claim.period, claim.printed, claim.value, claim.half_unit
