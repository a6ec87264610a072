-- Answers whose work is done and acknowledged, and that still wait to be given: another process gives
-- them if this one dies. 'target' is where they go, in the words of the platform's face.

create table owed (
    event        text    primary key references handled (event) on delete cascade,
    platform     text    not null,
    target       text    not null,
    since        integer not null
) strict;
create index owed_by_platform on owed (platform, since);
