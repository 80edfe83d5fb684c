-- People with a reaction to a dose of a day by product, by whether one was serious, and by all
-- signs that were noted of them (lists of codes as they are stored, one after the other).
select noted.row_id, noted.product, noted.serious, noted.signs, count(*)
from (
  select place.row_id, dose.product,
    max(case when reaction.serious then 1 else 0 end) as serious,
    {together}(cast(reaction.signs as text), ' ') as signs
  from vaccination_session
  join place on place.unit_id = vaccination_session.unit_id
  join dose on dose.session_id = vaccination_session.id and dose.voided_at is null
  join reaction on reaction.dose_id = dose.id
  where vaccination_session.held_on = :day
  group by place.row_id, dose.product, dose.id
) as noted
group by noted.row_id, noted.product, noted.serious, noted.signs
