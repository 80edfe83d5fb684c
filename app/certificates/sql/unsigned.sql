-- Confirmations that hold and are not signed, with what is signed of each.
-- Values: path of a unit with %, first day, last day.
select confirmation.unit_id, unit.name, confirmation.day, confirmation.id, confirmation.dose_id,
       confirmation.dose_version, confirmation.person_id, confirmation.identity_seq
from confirmation
join unit on unit.id = confirmation.unit_id
join dose on dose.id = confirmation.dose_id and dose.version = confirmation.dose_version
where unit.path like ? and confirmation.signed_id is null and dose.voided_at is null
  and confirmation.day between ? and ?
  and confirmation.identity_seq = (
    select max(seq) from identity_version where person_id = confirmation.person_id
  )
order by confirmation.day, confirmation.unit_id, confirmation.dose_id
