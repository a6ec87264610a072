-- What an event logged is found among what its account logged in those days.

drop index entry_by_event;
