-- Which row of a table a unit counts in: that of the site; a mobile site counts with its own.
with place as (
  select unit.id as unit_id, case when higher.is_site then above.id else unit.id end as row_id
  from unit
  join level on level.code = unit.level and level.is_site
  left join unit as above on above.id = unit.parent_id
  left join level as higher on higher.code = above.level
  where unit.path like :below
)
