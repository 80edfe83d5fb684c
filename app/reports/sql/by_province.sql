-- Which row of a table a unit counts in: that of its province; of :unit itself where it has none.
with place as (
  select unit.id as unit_id, coalesce(province.id, :unit) as row_id
  from unit
  left join unit as province on province.level = 'province'
    and unit.path like province.path || '%'
  where unit.path like :below
)
