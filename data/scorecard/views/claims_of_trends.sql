-- one row: what the words say of several months, beside the first two months that the paper prints against it
-- key: claim_id
-- of: published_claims
-- The months are those of the table, and those that the words themselves tell.
with series as (
  select claim.claim_id, figure.period, figure.value, figure.printed
  from published_claims claim
  inner join published_figures figure
    on figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope and figure.unit = claim.unit
    and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '')
    and figure.period >= claim.since and figure.period <= claim.period
  where claim.kind in ('falling', 'rising', 'rose', 'above') and figure.value is not null
  union
  select claim.claim_id, other.period, other.value, other.printed
  from published_claims claim
  inner join published_claims other
    on other.paper = claim.paper and other.measure = claim.measure and other.scope = claim.scope and other.unit = claim.unit
    and coalesce(lower(other.part), '') = coalesce(lower(claim.part), '')
    and other.period >= claim.since and other.period <= claim.period and other.kind in ('value', 'high', 'low')
  where claim.kind in ('falling', 'rising', 'rose', 'above') and other.value is not null
),
-- Of a month that is printed twice, either may be wrong: that is another rule's to say.
months as (
  select claim_id, period, min(value) as value, min(printed) as printed
  from series
  group by claim_id, period
  having min(value) = max(value)
),
steps as (
  select
    claim_id,
    period,
    value,
    printed,
    lag(value) over (partition by claim_id order by period) as value_before,
    lag(printed) over (partition by claim_id order by period) as printed_before,
    lag(period) over (partition by claim_id order by period) as period_before
  from months
)
select
  claim.claim_id,
  claim.kind,
  claim.measure,
  coalesce(claim.part, '') as part,
  case claim.kind
    when 'falling' then 'that it fell month on month'
    when 'rising' then 'that it rose steadily'
    when 'rose' then 'that it rose'
    else 'that it has been over ' || claim.printed
  end as said,
  claim.since,
  case when claim.kind = 'above' then '' else steps.printed_before || ' and then ' end || steps.printed as printed,
  steps.period,
  case
    when claim.kind = 'above' then steps.value <= claim.value
    when claim.kind = 'falling' then steps.value > steps.value_before
    when claim.kind = 'rising' then steps.value < steps.value_before
    else steps.value <= steps.value_before
  end as is_against,
  case when claim.kind = 'above' then round(steps.value - claim.value, 2) else round(steps.value - steps.value_before, 2) end as difference
from published_claims claim
inner join steps on steps.claim_id = claim.claim_id
where claim.kind = 'above' or steps.value_before is not null
qualify row_number() over (
  partition by claim.claim_id
  order by case
    when claim.kind = 'above' then steps.value <= claim.value
    when claim.kind = 'falling' then steps.value > steps.value_before
    when claim.kind = 'rising' then steps.value < steps.value_before
    else steps.value <= steps.value_before
  end desc, steps.period
) = 1
