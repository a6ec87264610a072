-- Answers stand in the order in which they came: what is old is found from the beginning, and an index by
-- age would be one page more of every command.

drop index handled_by_age;
