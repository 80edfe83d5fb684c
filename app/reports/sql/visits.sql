-- Visits of a day by state and by the product that was planned for the session.
select place.row_id, visit.state, coalesce(lot.product, ''), count(*)
from vaccination_session
join place on place.unit_id = vaccination_session.unit_id
join visit on visit.session_id = vaccination_session.id
left join holding on holding.id = vaccination_session.default_lot_id
left join lot on lot.id = holding.lot_id
where vaccination_session.held_on = :day
group by place.row_id, visit.state, lot.product
