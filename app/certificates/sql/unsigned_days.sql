-- The days of sites with confirmations that hold and are not signed, the oldest first.
-- Values: path of a unit with %, how many.
select distinct confirmation.day
from confirmation
join unit on unit.id = confirmation.unit_id
join dose on dose.id = confirmation.dose_id and dose.version = confirmation.dose_version
where unit.path like ? and confirmation.signed_id is null and dose.voided_at is null
  and confirmation.identity_seq = (
    select max(seq) from identity_version where person_id = confirmation.person_id
  )
order by confirmation.day
limit ?
