-- one row: another number of a child that holds at the period end, with how many other children and other rows there are for it
-- key: identifier_id
-- of: identifiers
select
  number.identifier_id,
  number.person_id,
  number.identifier_type,
  number.identifier_value,
  number.valid_from,
  held.children - 1 as other_children_with_it,
  count(*) over (partition by number.person_id, number.identifier_type) - 1 as others_of_the_kind,
  person.common_child_id
from identifiers number
inner join (
  select identifier_type, identifier_value, count(distinct person_id) as children
  from identifiers
  where valid_to is null or valid_to > :period_end
  group by identifier_type, identifier_value
) held on held.identifier_type = number.identifier_type and held.identifier_value = number.identifier_value
left join persons person on person.person_id = number.person_id
where number.valid_to is null or number.valid_to > :period_end
