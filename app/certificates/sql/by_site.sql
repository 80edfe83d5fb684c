-- How many people wait for a certificate and how many have one, by the site of the doses.
-- Values: path of a unit with % (twice), now.
select path, sum(waiting), sum(issued) from (
  select unit.path, count(distinct confirmation.person_id) as waiting, 0 as issued
  from confirmation
  join unit on unit.id = confirmation.unit_id
  where confirmation.waits and unit.path like ?
  group by unit.path
  union all
  select unit.path, 0, count(*)
  from certificate
  join confirmation on confirmation.dose_id = certificate.dose_id
    and confirmation.identity_seq = certificate.identity_seq and confirmation.signed_id is not null
  join unit on unit.id = confirmation.unit_id
  where certificate.current and certificate.kind = 'DCC' and unit.path like ?
    and certificate.expires_at > ?
  group by unit.path
) as part
group by path
