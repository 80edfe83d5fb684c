-- How many people wait for a certificate, by the site of the doses. How many have one is not asked:
-- counting a nation's certificates takes longer the more there are.
-- Values: path of a unit with %.
select unit.path, count(distinct confirmation.person_id)
from confirmation
join unit on unit.id = confirmation.unit_id
where confirmation.waits and unit.path like ?
group by unit.path
