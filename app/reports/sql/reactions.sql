-- People with a reaction to a dose of a day, for each child of a unit and for the unit itself:
-- those with ordinary signs alone, and those with a serious event.
select case_.child_id, sum(1 - case_.serious), sum(case_.serious)
from (
  select child.id as child_id, max(case when reaction.serious then 1 else 0 end) as serious
  from vaccination_session
  join unit on unit.id = vaccination_session.unit_id
  join unit as child
    on (child.parent_id = :unit and unit.path like child.path || '%')
    or (child.id = :unit and unit.id = :unit)
  join visit on visit.session_id = vaccination_session.id
  join reaction on reaction.visit_id = visit.id
  where vaccination_session.held_on = :day and unit.path like :below
  group by child.id, visit.id
) as case_
group by case_.child_id
