-- one row: a district of the authority itself, with how many of the children whose case is open have their home there at the period end
-- key: local_authority
-- Which districts are the authority's is in no extract. It is taken from where the homes are: the district with most of them, and, where that
-- is a district of a county (E07), every other such district that holds :own_district_percent of the homes or more. Homes of children
-- whose case is closed say nothing: nobody keeps them, and the families may have moved away.
with counted as (
  select place.local_authority, count(*) as homes
  from current_homes home
  inner join open_cases opened on opened.person_id = home.person_id
  inner join postcodes place on place.postcode = home.postcode
  where place.local_authority is not null
  group by place.local_authority
),
ranked as (
  select
    local_authority,
    homes,
    sum(homes) over () as all_homes,
    first_value(local_authority) over (order by homes desc, local_authority) as most_homes
  from counted
)
select local_authority, homes
from ranked
where local_authority = most_homes
  or (
    most_homes like 'E07%'
    and local_authority like 'E07%'
    and 100 * homes >= :own_district_percent * all_homes
  )
