use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn daily(time: &str) -> Schedule {
    Schedule::weekly(time.parse().unwrap(), Weekdays::DAILY)
}

/// Every occurrence of some local days, as its civil time, and its instant on the zone's clock.
fn story(schedule: &Schedule, zone: &str, (first, last): (Date, Date)) -> Vec<String> {
    let zone: Zone = zone.parse().unwrap();
    occurrences(schedule, &zone, (first, last))
        .iter()
        .map(|one| {
            let clock = zone.rules().to_datetime(one.at);
            let offset = zone.rules().to_offset(one.at);
            format!(
                "{} = {} {offset}",
                one.civil.strftime("%d %H:%M"),
                clock.strftime("%d %H:%M")
            )
        })
        .collect()
}

fn occurrences(schedule: &Schedule, zone: &Zone, (first, last): (Date, Date)) -> Vec<Occurrence> {
    let before = first.saturating_sub(2.days()).at(0, 0, 0, 0);
    let mut at = instant(zone, before).unwrap();
    let mut all = Vec::new();
    while let Some(next) = schedule
        .next(zone, at)
        .filter(|next| next.civil.date() <= last)
    {
        assert!(next.at > at, "time moves on");
        at = next.at;
        if next.civil.date() >= first {
            all.push(next);
        }
    }
    all
}

#[test]
fn complaint_4_a_spring_gap_still_posts_once_and_a_fold_only_once() {
    let spring = (date(2026, 3, 28), date(2026, 3, 30));
    insta::assert_snapshot!(story(&daily("2:30"), "Europe/Berlin", spring).join("\n"), @"
    28 02:30 = 28 02:30 +01
    29 02:30 = 29 03:30 +02
    30 02:30 = 30 02:30 +02
    ");
    let autumn = (date(2026, 10, 24), date(2026, 10, 26));
    insta::assert_snapshot!(story(&daily("2:30"), "Europe/Berlin", autumn).join("\n"), @"
    24 02:30 = 24 02:30 +02
    25 02:30 = 25 02:30 +02
    26 02:30 = 26 02:30 +01
    ");
}

#[test]
fn complaints_1_2_3_and_5_seven_stays_seven_when_the_clocks_change() {
    for (first, last) in [
        (date(2026, 3, 1), date(2026, 4, 30)),
        (date(2026, 10, 1), date(2026, 11, 30)),
    ] {
        let berlin: Zone = "Berlin".parse().unwrap();
        for one in occurrences(&daily("7"), &berlin, (first, last)) {
            assert_eq!(berlin.rules().to_datetime(one.at), one.civil);
        }
    }
}

/// What happens, where, at which time of day, and on the days around it.
const STRANGE: [(&str, &str, &str, (Date, Date)); 9] = [
    (
        "Nuuk springs over ten at night",
        "America/Nuuk",
        "22:30",
        (date(2023, 3, 24), date(2023, 3, 27)),
    ),
    (
        "Pyongyang springs over midnight",
        "Asia/Pyongyang",
        "23:45",
        (date(2018, 5, 3), date(2018, 5, 6)),
    ),
    (
        "Apia has no 30 December",
        "Pacific/Apia",
        "7",
        (date(2011, 12, 28), date(2012, 1, 1)),
    ),
    (
        "Lord Howe moves by half an hour",
        "Australia/Lord_Howe",
        "2:15",
        (date(2026, 10, 3), date(2026, 10, 5)),
    ),
    (
        "Santiago springs at midnight",
        "America/Santiago",
        "0:00",
        (date(2026, 9, 5), date(2026, 9, 7)),
    ),
    (
        "Cairo springs at midnight",
        "Africa/Cairo",
        "0:30",
        (date(2026, 4, 23), date(2026, 4, 25)),
    ),
    (
        "Beirut springs at midnight",
        "Asia/Beirut",
        "0:00",
        (date(2026, 3, 28), date(2026, 3, 30)),
    ),
    (
        "Casablanca falls back for Ramadan",
        "Africa/Casablanca",
        "2:30",
        (date(2026, 2, 14), date(2026, 2, 16)),
    ),
    (
        "Casablanca springs after Ramadan",
        "Africa/Casablanca",
        "2:30",
        (date(2026, 3, 21), date(2026, 3, 23)),
    ),
];

#[test]
fn strange_days_have_each_of_their_times_once() {
    let mut all = Vec::new();
    for (name, zone, time, days) in STRANGE {
        all.push(format!("{name}:"));
        all.extend(story(&daily(time), zone, days));
    }
    insta::assert_snapshot!(all.join("\n"), @"
    Nuuk springs over ten at night:
    24 22:30 = 24 22:30 -03
    25 22:30 = 25 23:30 -02
    26 22:30 = 26 22:30 -02
    27 22:30 = 27 22:30 -02
    Pyongyang springs over midnight:
    03 23:45 = 03 23:45 +08:30
    04 23:45 = 05 00:15 +09
    05 23:45 = 05 23:45 +09
    06 23:45 = 06 23:45 +09
    Apia has no 30 December:
    28 07:00 = 28 07:00 -10
    29 07:00 = 29 07:00 -10
    31 07:00 = 31 07:00 +14
    01 07:00 = 01 07:00 +14
    Lord Howe moves by half an hour:
    03 02:15 = 03 02:15 +10:30
    04 02:15 = 04 02:45 +11
    05 02:15 = 05 02:15 +11
    Santiago springs at midnight:
    05 00:00 = 05 00:00 -04
    06 00:00 = 06 01:00 -03
    07 00:00 = 07 00:00 -03
    Cairo springs at midnight:
    23 00:30 = 23 00:30 +02
    24 00:30 = 24 01:30 +03
    25 00:30 = 25 00:30 +03
    Beirut springs at midnight:
    28 00:00 = 28 00:00 +02
    29 00:00 = 29 01:00 +03
    30 00:00 = 30 00:00 +03
    Casablanca falls back for Ramadan:
    14 02:30 = 14 02:30 +01
    15 02:30 = 15 02:30 +01
    16 02:30 = 16 02:30 +00
    Casablanca springs after Ramadan:
    21 02:30 = 21 02:30 +00
    22 02:30 = 22 03:30 +01
    23 02:30 = 23 02:30 +01
    ");
}

#[test]
fn two_times_that_a_gap_lays_upon_each_other_come_a_minute_apart() {
    let schedule = Schedule::cron("30 2,3 * * *").unwrap();
    let story = story(
        &schedule,
        "Europe/Berlin",
        (date(2026, 3, 29), date(2026, 3, 29)),
    );
    insta::assert_snapshot!(story.join("\n"), @"
    29 02:30 = 29 03:30 +02
    29 03:30 = 29 03:31 +02
    ");
}

#[test]
fn a_schedule_that_never_or_too_often_falls_due_is_refused() {
    let error = |line| Schedule::cron(line).err();
    assert_eq!(error("0 7 * * 1-5"), None);
    assert_eq!(error("0 7 29 2 *"), None);
    assert_eq!(error("0 6,9,12,18 * * *"), None);
    assert_eq!(error("0 7 30 2 *"), Some(ScheduleError::Never));
    assert_eq!(error("* * * * *"), Some(ScheduleError::TooOften));
    assert_eq!(error("0 6,9,12,15,18 * * *"), Some(ScheduleError::TooOften));
    assert_eq!(error("0,30 7 * * *"), Some(ScheduleError::TooOften));
    assert_eq!(error("*/40 7 * * *"), Some(ScheduleError::TooOften));
    assert_eq!(error("30 0,23 * * *"), None);
    assert_eq!(error("7 o'clock"), Some(ScheduleError::Unreadable));
}

#[test]
fn a_schedule_is_stored_as_text_and_comes_back() {
    for schedule in [
        Schedule::weekly("7:30".parse().unwrap(), Weekdays::WORKDAYS),
        Schedule::cron("0 7,19 * * mon-fri").unwrap(),
    ] {
        assert_eq!(schedule.to_string().parse(), Ok(schedule));
    }
    assert!("".parse::<Schedule>().is_err());
}

fn zone() -> impl Strategy<Value = Zone> {
    (0..Zone::names().len()).prop_map(|at| Zone::names()[at].parse().unwrap())
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let lines = prop::sample::select(vec![
        "30 0,1,2,3 * * *",
        "0 0,12 * * *",
        "15 23,0 * * 0,6",
        "45 2 * * *",
        "0 3 1,15 * *",
    ]);
    let weekly = (0_u16..24, 0_u16..60, 1_u8..128).prop_map(|(hour, minute, days)| {
        let time = TimeOfDay::new(hour, minute).unwrap();
        Schedule::weekly(time, Weekdays::of_bits(days).unwrap())
    });
    prop_oneof![weekly, lines.prop_map(|line| Schedule::cron(line).unwrap())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn complaint_7_every_civil_date_that_exists_has_each_of_its_times_once(
        zone in zone(), schedule in schedule(), start in 0_i64..(40 * 365),
    ) {
        let first = date(2000, 1, 5).saturating_add(start.days());
        let last = first.saturating_add(200.days());
        let all = occurrences(&schedule, &zone, (first, last));
        let mut wanted = Vec::new();
        let mut civil = first.yesterday().unwrap().at(23, 59, 59, 0);
        while let Some(next) = schedule.next_civil(civil).filter(|next| next.date() <= last) {
            if has_date(&zone, next.date()).unwrap() {
                wanted.push(next);
            }
            civil = next;
        }
        let came: Vec<_> = all.iter().map(|one| one.civil).collect();
        prop_assert_eq!(came, wanted);
        for one in &all {
            let clock = zone.rules().to_datetime(one.at);
            let late = clock.duration_since(one.civil);
            prop_assert!(late.as_mins() >= 0 && late.as_hours() <= 4, "{one:?} at {clock}");
        }
        prop_assert!(all.is_sorted_by(|a, b| a.civil < b.civil && a.at < b.at));
    }

    #[test]
    fn a_time_on_weekdays_is_what_its_cron_line_says(
        hour in 0_u16..24, minute in 0_u16..60, bits in 1_u8..128, start in 0_i64..14_000,
    ) {
        let days = Weekdays::of_bits(bits).unwrap();
        let weekly = Schedule::weekly(TimeOfDay::new(hour, minute).unwrap(), days);
        let cron = Schedule::cron(&format!("{minute} {hour} * * {days}")).unwrap();
        let mut civil = date(2000, 1, 1).saturating_add(start.days()).at(12, 0, 0, 0);
        for _ in 0..20 {
            prop_assert_eq!(weekly.next_civil(civil), cron.next_civil(civil));
            civil = weekly.next_civil(civil).unwrap();
        }
    }
}

/// Every zone there is, at a time in the hour that clocks most often jump over, from 2000 to 2040.
#[test]
fn complaint_6_every_zone_has_its_half_past_two_once_a_day_for_forty_years() {
    let schedule = daily("2:30");
    for name in Zone::names() {
        let zone: Zone = name.parse().unwrap();
        let mut at = instant(&zone, date(2000, 1, 1).at(0, 0, 0, 0)).unwrap();
        let mut day = date(2000, 1, 1);
        // Days are walked around each jump; between jumps a day is like the last.
        while let Some(jump) = zone
            .rules()
            .following(at)
            .next()
            .map(|jump| jump.timestamp())
        {
            let local = zone.rules().to_datetime(jump).date();
            if local >= date(2040, 1, 1) {
                break;
            }
            day = day.max(local.saturating_sub(4.days()));
            let last = local.saturating_add(3.days());
            let came = occurrences(&schedule, &zone, (day, last));
            let dates: Vec<_> = came.iter().map(|one| one.civil.date()).collect();
            let lived: Vec<_> = day
                .series(1.day())
                .take_while(|date| *date <= last)
                .filter(|date| has_date(&zone, *date).unwrap())
                .collect();
            assert_eq!(dates, lived, "{name}");
            day = last.tomorrow().unwrap();
            at = jump;
        }
    }
}
