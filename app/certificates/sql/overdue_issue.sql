-- What was signed for longer than a day and no certificate was issued with: people, days of sites,
-- the oldest of these. What was signed by then was confirmed by then.
-- Values: path of a unit with %, until (twice).
select count(distinct confirmation.person_id), count(distinct signed_day.id), min(signed_day.day)
from confirmation
join unit on unit.id = confirmation.unit_id
join signed_day on signed_day.id = confirmation.signed_id
where confirmation.waits and unit.path like ? and confirmation.at < ? and signed_day.at < ?
