-- Days of sites with doses that are not confirmed and signed as they are now, the oldest first.
-- Values: path of a unit with % (twice), first day, how many.
with mine as (
  select dose.id, dose.version, dose.person_id, dose.given_at, dose.unit_id
  from dose
  join unit on unit.id = dose.unit_id
  where unit.path like ? and dose.source <> 'elsewhere' and dose.voided_at is null
  union all
  select dose.id, dose.version, dose.person_id, dose.given_at, amendment.unit_id
  from amendment
  join unit on unit.id = amendment.unit_id
  join dose on dose.id = amendment.dose_id
  where unit.path like ? and amendment.kind = 'elsewhere' and dose.source = 'elsewhere'
    and dose.voided_at is null
), days as (
  select mine.unit_id, {day} as day, confirmation.id as confirmed, confirmation.signed_id as signed
  from mine
  left join confirmation on confirmation.dose_id = mine.id
    and confirmation.dose_version = mine.version
    and confirmation.identity_seq = (
      select max(seq) from identity_version where person_id = mine.person_id
    )
)
select days.unit_id, unit.name, day, count(*), count(confirmed), count(signed)
from days
join unit on unit.id = days.unit_id
where day >= ?
group by days.unit_id, unit.name, day
having count(signed) < count(*)
order by day, days.unit_id
limit ?
