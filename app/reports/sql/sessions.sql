-- Sessions of a day by round, and how many of them are not closed.
select place.row_id, vaccination_session.round, count(*),
  sum(case when vaccination_session.closed_at is null then 1 else 0 end)
from vaccination_session
join place on place.unit_id = vaccination_session.unit_id
where vaccination_session.held_on = :day
group by place.row_id, vaccination_session.round
