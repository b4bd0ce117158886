-- one row: a published figure with numerator and base, beside what they give, and the slip that would explain a difference
-- key: figure_id
-- of: published_figures
with off as (
  select figure_id, paper, table_name, title, part, period, unit, value, met, base, exact, places, half
  from figures_with_base
  where abs(value - exact) > half
),
-- A row whose figures are those of another row is explained by it in one month after the other, and by chance in one.
explained as (
  select
    off.figure_id,
    coalesce(other.part, other.title) as row_of,
    count(*) over (
      partition by off.paper, off.table_name, off.title, coalesce(off.part, ''), coalesce(other.part, other.title)
    ) as months
  from off
  inner join figures_with_base other
    on other.paper = off.paper and other.table_name = off.table_name and other.period = off.period
    and other.unit = off.unit and other.figure_id <> off.figure_id and other.base > 0
  where abs(off.value - other.exact) <= off.half
),
rows_of as (
  select figure_id, row_of
  from explained
  qualify row_number() over (partition by figure_id order by months desc, row_of) = 1
),
of_others as (
  select
    off.figure_id,
    min(case when off.unit = other.unit and other.base <> off.base
      and abs(off.value - (case when off.unit = 'percent' then 100.0 else 1.0 end) * off.met / other.base) <= off.half
      then other.base end) as base_it_is_of,
    min(case when off.unit = other.unit and other.met <> off.met
      and abs(off.value - (case when off.unit = 'percent' then 100.0 else 1.0 end) * other.met / off.base) <= off.half
      then other.met end) as number_it_is_of
  from off
  inner join figures_with_base other
    on other.paper = off.paper and other.table_name = off.table_name and other.period = off.period
    and other.unit = off.unit and other.figure_id <> off.figure_id and other.base > 0
  group by off.figure_id
),
written as (
  select
    figure_id,
    replace(cast(round(exact, cast(places as integer)) as varchar), '.', '') as given,
    replace(cast(value as varchar), '.', '') as told
  from off
)
select
  figure.figure_id,
  figure.unit,
  figure.printed,
  figure.value,
  figure.met,
  figure.base,
  round(figure.exact, cast(figure.places as integer)) as expected,
  round(figure.value - figure.exact, cast(figure.places + 1 as integer)) as difference,
  off.figure_id is null as agrees,
  off.figure_id is not null and abs(figure.value - figure.exact) <= 3 * figure.half as is_near,
  case
    when off.figure_id is null then null
    when written.told in (
      substring(written.given, 2, 1) || substring(written.given, 1, 1) || substring(written.given, 3, 20),
      substring(written.given, 1, 1) || substring(written.given, 3, 1) || substring(written.given, 2, 1)
        || substring(written.given, 4, 20),
      substring(written.given, 1, 2) || substring(written.given, 4, 1) || substring(written.given, 3, 1)
        || substring(written.given, 5, 20)
    ) then 'two digits are swapped'
    when others.base_it_is_of is not null and abs(figure.value - figure.exact) <= 3 * figure.half
      then 'it is a share of ' || cast(cast(others.base_it_is_of as bigint) as varchar) || ', the base of another row'
    when abs(figure.value - figure.exact) <= 3 * figure.half then 'it was rounded another way, or before it was worked out'
    when rows_of.row_of is not null then 'it is the figure of ' || rows_of.row_of
    when others.base_it_is_of is not null
      then 'it is a share of ' || cast(cast(others.base_it_is_of as bigint) as varchar) || ', the base of another row'
    when others.number_it_is_of is not null
      then 'it is what ' || cast(cast(others.number_it_is_of as bigint) as varchar) || ' would give, the number of another row'
    when figure.unit = 'percent' and abs(figure.value - (100 - figure.exact)) <= figure.half then 'it is the share of those who do not'
    when abs(figure.value * 10 - figure.exact) <= figure.half * 10 or abs(figure.value - figure.exact * 10) <= figure.half * 10
      then 'the point is in the wrong place'
    else 'no other row explains it'
  end as likely
from figures_with_base figure
left join off on off.figure_id = figure.figure_id
left join written on written.figure_id = figure.figure_id
left join of_others others on others.figure_id = figure.figure_id
left join rows_of on rows_of.figure_id = figure.figure_id
where figure.exact is not null and figure.value is not null
