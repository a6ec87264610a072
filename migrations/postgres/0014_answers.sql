-- SQLite finds old answers by the order in which they stand. PostgreSQL keeps no such order, so it keeps its
-- index by age, and nothing changes.

select 1;
