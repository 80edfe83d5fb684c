-- Which row of a table a unit counts in: that of the child of :unit that it stands at or below, or
-- that of :unit itself.
with place as (
  select unit.id as unit_id, child.id as row_id
  from unit
  join unit as child on unit.path like child.path || '%'
  where unit.path like :below
    and (child.parent_id = :unit or (child.id = :unit and unit.id = :unit))
)
