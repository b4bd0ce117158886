-- one row: a published figure with numerator and base, beside what they give, and the slips that would explain a difference
-- key: figure_id
-- of: published_figures
-- Every slip that fits is named, first those that fit by chance least often: two digits can be swapped in few ways, and there are
-- many other rows. Of other rows the one that explains most months of the row is named, then the nearest: one of the same month,
-- within a hundred rows, or the same row's of another month.
with off as (
  select
    figure_id,
    paper,
    table_name,
    measure,
    scope,
    coalesce(part, '') as part,
    period,
    coalesce(row_no, 0) as row_no,
    unit,
    value,
    met,
    base,
    exact,
    places,
    half,
    case unit when 'percent' then 100.0 when 'rate' then 10000.0 else 1.0 end as factor,
    cast(cast(round(abs(exact) * 0.5 / half_unit, 0) as bigint) as varchar) as given,
    cast(cast(round(abs(value) * 0.5 / half_unit, 0) as bigint) as varchar) as told
  from figures_with_base
  where abs(value - exact) > half
),
blocks as (
  select figure_id, paper, table_name, unit, period, row_no // 50 - 1 as block
  from off
  union all
  select figure_id, paper, table_name, unit, period, row_no // 50 as block
  from off
  union all
  select figure_id, paper, table_name, unit, period, row_no // 50 + 1 as block
  from off
),
pairs as (
  select off.figure_id, other.figure_id as other_id
  from blocks off
  inner join figures_with_base other
    on other.paper = off.paper and other.table_name = off.table_name and other.unit = off.unit and other.period = off.period
    and coalesce(other.row_no, 0) // 50 = off.block
  where other.figure_id <> off.figure_id
  union all
  select off.figure_id, other.figure_id as other_id
  from off
  inner join figures_with_base other
    on other.paper = off.paper and other.table_name = off.table_name and other.unit = off.unit
    and other.measure = off.measure and other.scope = off.scope and coalesce(other.part, '') = off.part
  where other.period <> off.period
),
of_others as (
  select
    off.figure_id,
    off.measure,
    off.scope,
    off.part,
    off.value,
    off.met,
    off.base,
    off.half,
    off.factor,
    other.figure_id as other_id,
    other.value as other_value,
    other.exact as other_exact,
    other.met as other_met,
    other.base as other_base,
    abs(coalesce(other.row_no, 0) - off.row_no) as distance,
    case
      when other.period <> off.period then 'the month to ' || cast(other.period as varchar)
      when other.measure = off.measure and coalesce(other.part, '') = off.part then other.scope
      when other.scope = off.scope then coalesce(other.part, other.title)
      else coalesce(other.part, other.title) || ', ' || other.scope
    end as other_name
  from pairs
  inner join off on off.figure_id = pairs.figure_id
  inner join figures_with_base other on other.figure_id = pairs.other_id
),
like_row as (
  select
    figure_id,
    other_name,
    distance,
    other_id,
    count(*) over (partition by measure, scope, part, other_name) as times
  from of_others
  where value = other_value or abs(value - other_exact) <= half
),
of_row as (
  select figure_id, 'it is the figure of ' || other_name as slip
  from like_row
  qualify row_number() over (partition by figure_id order by times desc, distance, other_id) = 1
),
of_base as (
  select
    figure_id,
    case when factor = 100 then 'it is a share of ' else 'it is divided by ' end
      || cast(cast(other_base as bigint) as varchar) || ', the base of ' || other_name as slip
  from of_others
  where other_base <> base and other_base > 0 and abs(value - factor * met / other_base) <= half
  qualify row_number() over (partition by figure_id order by distance, other_id) = 1
),
of_number as (
  select
    figure_id,
    'it is what ' || cast(cast(other_met as bigint) as varchar) || ' would give, the number of ' || other_name as slip
  from of_others
  where other_met <> met and base > 0 and abs(value - factor * other_met / base) <= half
  qualify row_number() over (partition by figure_id order by distance, other_id) = 1
),
written as (
  select
    figure_id,
    right('0000000000' || given, greatest(length(given), length(told), places + 1)) as given,
    right('0000000000' || told, greatest(length(given), length(told), places + 1)) as told
  from off
),
swapped as (
  select figure_id, 'two digits are swapped' as slip
  from written
  where told <> given and told in (
      substring(given, 2, 1) || substring(given, 1, 1) || substring(given, 3, 20),
      substring(given, 1, 1) || substring(given, 3, 1) || substring(given, 2, 1) || substring(given, 4, 20),
      substring(given, 1, 2) || substring(given, 4, 1) || substring(given, 3, 1) || substring(given, 5, 20),
      substring(given, 1, 3) || substring(given, 5, 1) || substring(given, 4, 1) || substring(given, 6, 20),
      substring(given, 1, 4) || substring(given, 6, 1) || substring(given, 5, 1) || substring(given, 7, 20),
      substring(given, 1, 5) || substring(given, 7, 1) || substring(given, 6, 1) || substring(given, 8, 20)
    )
),
by_itself as (
  select
    figure_id,
    case
      when abs(value - exact) <= 3 * half
        or places > 0 and abs(value - exact) <= 10 * half
          and abs(value - round(value, cast(places - 1 as integer))) < 0.000001
        or places > 0 and abs(value - exact) <= 0.500001 and abs(value - round(value, 0)) < 0.000001
        then 'it was rounded another way, or before it was worked out'
    end as rounding,
    case
      when abs(value * 10 - exact) <= half * 10 or abs(value * 100 - exact) <= half * 100
        or exact <> 0 and (abs(value - exact * 10) <= half or abs(value - exact * 100) <= half)
        or value <> 0 and abs(value - exact * 10) <= 10 * half and abs(value / 10 - round(value / 10, 0)) < 0.000001
        then 'the point is in the wrong place'
    end as point,
    case
      when unit = 'percent' and abs(value - (100 - exact)) <= half then 'it is the share of those who do not'
    end as complement
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
    when off.figure_id is not null then coalesce(
      nullif(
        substring(
          coalesce(', or ' || swapped.slip, '') || coalesce(', or ' || by_itself.rounding, '')
            || coalesce(', or ' || by_itself.point, '') || coalesce(', or ' || by_itself.complement, '')
            || coalesce(', or ' || of_row.slip, '') || coalesce(', or ' || of_base.slip, '')
            || coalesce(', or ' || of_number.slip, ''),
          6,
          1000
        ),
        ''
      ),
      'no other row explains it'
    )
  end as likely
from figures_with_base figure
left join off on off.figure_id = figure.figure_id
left join swapped on swapped.figure_id = figure.figure_id
left join by_itself on by_itself.figure_id = figure.figure_id
left join of_row on of_row.figure_id = figure.figure_id
left join of_base on of_base.figure_id = figure.figure_id
left join of_number on of_number.figure_id = figure.figure_id
where figure.exact is not null and figure.value is not null
