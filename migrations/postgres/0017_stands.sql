-- Where the answer to an event stands, in the words of the platform's face: written when a process ends, so
-- that the next can write over it when the question is edited.
create table stands (
    event      text    primary key references handled (event) on delete cascade,
    platform   text    not null,
    place      text    not null
);
create index stands_by_platform on stands (platform);
