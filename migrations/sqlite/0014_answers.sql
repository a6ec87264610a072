-- Answers stand in the order in which they came: what is old is found from the beginning, and an index by
-- age would be one page more of every command. PostgreSQL keeps no such order, and keeps its index.

drop index handled_by_age;
