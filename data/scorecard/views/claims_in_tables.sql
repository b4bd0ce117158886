-- one row: what the words say of a figure, beside the figure of the table
-- key: claim_id
-- of: published_claims
-- Of figures of one month and of twelve months to it, the words mean that of the month. Two figures with the same number of places are
-- roundings of one number only if they are the same; with another number of places each may be off by half a unit of its own.
with stood as (
  select
    claim.claim_id,
    claim.kind,
    claim.measure,
    figure.title,
    claim.period,
    claim.printed,
    claim.value,
    coalesce(claim.places, 0) as places,
    case
      when coalesce(claim.places, 0) = coalesce(figure.places, 0) then 0.000001
      else coalesce(claim.half_unit, 0.5) + coalesce(figure.half_unit, 0.5) + 0.000001
    end as slack,
    figure.value as in_table,
    figure.printed as printed_in_table,
    figure.place as place_in_table,
    coalesce(figure.places, 0) as table_places
  from published_claims claim
  inner join published_figures figure
    on figure.paper = claim.paper and figure.measure = claim.measure and figure.scope = claim.scope
    and figure.period = claim.period and figure.unit = claim.unit
    and coalesce(lower(figure.part), '') = coalesce(lower(claim.part), '')
  where claim.value is not null and figure.value is not null and figure.of_figure is null
  qualify row_number() over (
    partition by claim.claim_id order by coalesce(figure.span, ''), abs(figure.value - claim.value), figure.figure_id
  ) = 1
)
select
  claim_id,
  kind,
  measure,
  title,
  period,
  printed,
  value,
  in_table,
  printed_in_table,
  place_in_table,
  slack,
  round(in_table, cast(least(places, table_places) as integer)) as expected,
  round(value - in_table, 4) as difference
from stood
