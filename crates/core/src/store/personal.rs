//! What a person may ask of his own data: all of it, or none of it any more.

use jiff::Timestamp;
use serde::Serialize;

use super::{StoreError, Tx, execute, on, statements};
use crate::club::PersonId;

statements! {
    EXPORT_PERSON = "select zone, unit, language, day_start, age_group, privacy, streak, since
        from person where id = $1";
    EXPORT_ACCOUNTS = "select platform, external, name, handle, locale, since
        from account where person_id = $1 order by id";
    EXPORT_ROOMS = "select r.platform, r.external, r.since
        from room r join account a on a.id = r.account_id where a.person_id = $1 order by r.id";
    EXPORT_SEEN = "select c.platform, c.external, s.first, s.left_at
        from seen s join account a on a.id = s.account_id join chat c on c.id = s.chat_id
        where a.person_id = $1 order by s.first";
    EXPORT_ENTRIES = "select e.id, a.platform, e.kind, e.day, e.zone, e.logged_at, e.standing,
            e.side, e.state, e.reach_dmm, e.tries, e.spread_dmm, e.typed, e.unit, e.hurts, e.exercise, e.sets
        from entry e join account a on a.id = e.account_id
        where a.person_id = $1 order by e.id";
    EXPORT_CHANGES = "select x.entry_id, x.at, x.what, x.before
        from entry_change x join entry e on e.id = x.entry_id join account a on a.id = e.account_id
        where a.person_id = $1 order by x.id";
    EXPORT_HANDLED = "select h.event, h.answer, h.at
        from handled h join account a on a.id = h.account_id
        where a.person_id = $1 order by h.at";
    EXPORT_ASKED = "select q.line, q.argument, q.until
        from asked q join account a on a.id = q.account_id
        where a.person_id = $1 order by q.id";
    EXPORT_DIARY = "select d.first_day, d.days from diary d join account a on a.id = d.account_id
        where a.person_id = $1 order by a.id";
    EXPORT_TESTED = "select d.first_day, d.days from tested d join account a on a.id = d.account_id
        where a.person_id = $1 order by a.id";
    EXPORT_REST = "select first_day, last_day, since from rest where person_id = $1 order by id";
    EXPORT_REMINDER = "select m.schedule, m.exercises, m.zone
        from reminder m join room r on r.id = m.room_id join account a on a.id = r.account_id
        where a.person_id = $1 order by m.id";
    EXPORT_SETTER = "select m.schedule, m.exercises, m.zone
        from reminder_setter s join reminder m on m.id = s.reminder_id
        join account a on a.id = s.account_id
        where a.person_id = $1 order by m.id";
    EXPORT_OUTBOX = "select o.kind, o.state, o.due, o.sent_at
        from outbox o left join room r on r.id = o.room_id
        join account a on a.id = coalesce(o.account_id, r.account_id)
        where a.person_id = $1 order by o.id";
    EXPORT_UNREACHABLE = "select u.reason, u.since
        from unreachable u join room r on r.id = u.room_id join account a on a.id = r.account_id
        where a.person_id = $1 order by u.since";
    EXPORT_DEPUTY = "select c.platform, c.external, d.since
        from deputy d join account a on a.id = d.account_id join chat c on c.club_id = d.club_id
        where a.person_id = $1 order by d.since";
    FORGET_DEPUTY = "delete from deputy
        where account_id in (select id from account where person_id = $1)";
    EXPORT_CHALLENGE_MAKER = "select h.title, h.first_day, h.days, h.goal
        from challenge_maker k join challenge h on h.id = k.challenge_id
        join account a on a.id = k.account_id where a.person_id = $1 order by h.id";
    EXPORT_CHALLENGE_MEMBER = "select h.title, k.joined_at, k.named
        from challenge_member k join challenge h on h.id = k.challenge_id
        join account a on a.id = k.account_id where a.person_id = $1 order by h.id, a.id";
    EXPORT_CHALLENGE_RESULT = "select h.title, h.last_day, r.days
        from challenge_result r join challenge h on h.id = r.challenge_id
        join account a on a.id = r.account_id where a.person_id = $1 order by h.id, a.id";
    FORGET_CHALLENGE_MAKER = "delete from challenge_maker
        where account_id in (select id from account where person_id = $1)";
    FORGET_CHALLENGE_MEMBER = "delete from challenge_member
        where account_id in (select id from account where person_id = $1)";
    FORGET_CHALLENGE_RESULT = "delete from challenge_result
        where account_id in (select id from account where person_id = $1)";
    FORGET_OUTBOX = "delete from outbox
        where account_id in (select id from account where person_id = $1)
            or room_id in (select r.id from room r join account a on a.id = r.account_id
                where a.person_id = $1)";
    FORGET_UNREACHABLE = "delete from unreachable
        where room_id in (select r.id from room r join account a on a.id = r.account_id
            where a.person_id = $1)";
    FORGET_SETTER = "delete from reminder_setter
        where account_id in (select id from account where person_id = $1)
            or reminder_id in (select m.id from reminder m join room r on r.id = m.room_id
                join account a on a.id = r.account_id where a.person_id = $1)";
    FORGET_REMINDER = "delete from reminder
        where room_id in (select r.id from room r join account a on a.id = r.account_id
            where a.person_id = $1)";
    FORGET_DIARY = "delete from diary
        where account_id in (select id from account where person_id = $1)";
    FORGET_TESTED = "delete from tested
        where account_id in (select id from account where person_id = $1)";
    FORGET_REST = "delete from rest where person_id = $1";
    FORGET_CHANGES = "delete from entry_change where entry_id in (
            select e.id from entry e join account a on a.id = e.account_id where a.person_id = $1)";
    FORGET_ENTRIES = "delete from entry
        where account_id in (select id from account where person_id = $1)";
    FORGET_ASKED = "delete from asked
        where account_id in (select id from account where person_id = $1)
            or room_id in (select r.id from room r join account a on a.id = r.account_id
                where a.person_id = $1)";
    EXPORT_OWED = "select o.since
        from owed o join handled h on h.event = o.event join account a on a.id = h.account_id
        where a.person_id = $1 order by o.since";
    EXPORT_STANDS = "select s.place
        from stands s join handled h on h.event = s.event join account a on a.id = h.account_id
        where a.person_id = $1 order by h.at, s.event";
    FORGET_STANDS = "delete from stands where event in (
            select h.event from handled h join account a on a.id = h.account_id
            where a.person_id = $1)";
    FORGET_OWED = "delete from owed where event in (
            select h.event from handled h join account a on a.id = h.account_id
            where a.person_id = $1)";
    FORGET_HANDLED = "delete from handled
        where account_id in (select id from account where person_id = $1)";
    FORGET_SEEN = "delete from seen
        where account_id in (select id from account where person_id = $1)";
    FORGET_ROOMS = "delete from room
        where account_id in (select id from account where person_id = $1)";
    FORGET_ACCOUNTS = "delete from account where person_id = $1";
    FORGET_PERSON = "delete from person where id = $1";
}

/// The tables that hold a person, in the order in which they are emptied.
const FORGET: [(&str, &str); 21] = [
    ("entry_change", FORGET_CHANGES),
    ("entry", FORGET_ENTRIES),
    ("diary", FORGET_DIARY),
    ("tested", FORGET_TESTED),
    ("rest", FORGET_REST),
    ("challenge_maker", FORGET_CHALLENGE_MAKER),
    ("challenge_member", FORGET_CHALLENGE_MEMBER),
    ("challenge_result", FORGET_CHALLENGE_RESULT),
    ("outbox", FORGET_OUTBOX),
    ("unreachable", FORGET_UNREACHABLE),
    ("reminder_setter", FORGET_SETTER),
    ("reminder", FORGET_REMINDER),
    ("deputy", FORGET_DEPUTY),
    ("asked", FORGET_ASKED),
    ("owed", FORGET_OWED),
    ("stands", FORGET_STANDS),
    ("handled", FORGET_HANDLED),
    ("seen", FORGET_SEEN),
    ("room", FORGET_ROOMS),
    ("account", FORGET_ACCOUNTS),
    ("person", FORGET_PERSON),
];

#[cfg(test)]
pub(super) fn forgotten_tables() -> Vec<&'static str> {
    FORGET.iter().map(|(table, _)| *table).collect()
}

/// All that is stored of a person. Instants are milliseconds since 1970, lengths tenths of a
/// millimetre.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    exported_at: Timestamp,
    person: PersonOut,
    account: Vec<AccountOut>,
    room: Vec<RoomOut>,
    seen: Vec<SeenOut>,
    /// What was logged.
    pub entry: Vec<EntryOut>,
    entry_change: Vec<ChangeOut>,
    diary: Vec<DiaryOut>,
    tested: Vec<DiaryOut>,
    rest: Vec<RestOut>,
    reminder: Vec<ReminderOut>,
    reminder_setter: Vec<ReminderOut>,
    challenge_maker: Vec<MadeOut>,
    challenge_member: Vec<JoinedOut>,
    challenge_result: Vec<ResultOut>,
    deputy: Vec<DeputyOut>,
    outbox: Vec<SendingOut>,
    unreachable: Vec<UnreachableOut>,
    handled: Vec<HandledOut>,
    owed: Vec<OwedOut>,
    stands: Vec<StandsOut>,
    asked: Vec<AskedOut>,
}

macro_rules! out {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, sqlx::FromRow)]
        pub struct $name { $(
            #[doc = concat!("The column `", stringify!($field), "`.")]
            pub $field: $type
        ),* }
    )*};
}

out! {
    /// The person's settings.
    PersonOut {
        zone: Option<String>, unit: Option<String>, language: Option<String>,
        day_start: Option<i64>, age_group: Option<String>, privacy: String, streak: Option<String>, since: i64,
    }
    /// An account.
    AccountOut {
        platform: String, external: String, name: String, handle: Option<String>, locale: Option<String>, since: i64,
    }
    /// A private conversation.
    RoomOut { platform: String, external: String, since: i64 }
    /// A chat in which the person was met.
    SeenOut { platform: String, external: String, first: i64, left_at: Option<i64> }
    /// An entry.
    EntryOut {
        id: i64, platform: String, kind: String, day: String, zone: String, logged_at: i64,
        standing: String, side: Option<String>, state: Option<String>, reach_dmm: Option<i64>,
        tries: Option<i64>, spread_dmm: Option<i64>, typed: Option<String>, unit: Option<String>, hurts: bool,
        exercise: Option<String>, sets: Option<i64>,
    }
    /// What an entry said before a change.
    ChangeOut { entry_id: i64, at: i64, what: String, before: String }
    /// Which exercises were done on which day, or whether a test: a character a day.
    DiaryOut { first_day: String, days: String }
    /// Days on which nothing is asked.
    RestOut { first_day: String, last_day: Option<String>, since: i64 }
    /// A reminder in the person's own room, or one that he set for another.
    ReminderOut { schedule: String, exercises: String, zone: String }
    /// A challenge that the person made.
    MadeOut { title: String, first_day: String, days: i64, goal: i64 }
    /// A challenge that the person takes part in, and whether its results may name him.
    JoinedOut { title: String, joined_at: i64, named: Option<bool> }
    /// What the person did in a challenge that is over.
    ResultOut { title: String, last_day: String, days: i64 }
    /// A chat of a club that the person may set up.
    DeputyOut { platform: String, external: String, since: i64 }
    /// What was sent to the person unasked, and is kept for a week.
    SendingOut { kind: String, state: String, due: i64, sent_at: Option<i64> }
    /// A private conversation that could not be reached.
    UnreachableOut { reason: String, since: i64 }
    /// An answer that is kept for two days.
    HandledOut { event: String, answer: String, at: i64 }
    /// An answer that still waits to be given.
    OwedOut { since: i64 }
    /// Where an answer stands, in the platform's own numbers.
    StandsOut { place: String }
    /// A question that waits.
    AskedOut { line: String, argument: Option<String>, until: i64 }
}

impl Tx {
    /// All that is stored of a person.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn export(&mut self, person: PersonId, now: Timestamp) -> Result<Export, StoreError> {
        macro_rules! all {
            ($sql:ident) => {
                on!(self.connection().await?, c =>
                    sqlx::query_as($sql).bind(person.0).fetch_all(c).await?)
            };
        }
        Ok(Export {
            exported_at: now,
            person: on!(self.connection().await?, c => sqlx::query_as(EXPORT_PERSON)
                .bind(person.0).fetch_one(c).await?),
            account: all!(EXPORT_ACCOUNTS),
            room: all!(EXPORT_ROOMS),
            seen: all!(EXPORT_SEEN),
            entry: all!(EXPORT_ENTRIES),
            entry_change: all!(EXPORT_CHANGES),
            diary: all!(EXPORT_DIARY),
            tested: all!(EXPORT_TESTED),
            rest: all!(EXPORT_REST),
            reminder: all!(EXPORT_REMINDER),
            reminder_setter: all!(EXPORT_SETTER),
            challenge_maker: all!(EXPORT_CHALLENGE_MAKER),
            challenge_member: all!(EXPORT_CHALLENGE_MEMBER),
            challenge_result: all!(EXPORT_CHALLENGE_RESULT),
            deputy: all!(EXPORT_DEPUTY),
            outbox: all!(EXPORT_OUTBOX),
            unreachable: all!(EXPORT_UNREACHABLE),
            handled: all!(EXPORT_HANDLED),
            owed: all!(EXPORT_OWED),
            stands: all!(EXPORT_STANDS),
            asked: all!(EXPORT_ASKED),
        })
    }

    /// Deletes all that is stored of a person. What a club set up stays: it belongs to the club.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn forget(&mut self, person: PersonId) -> Result<(), StoreError> {
        for (_, sql) in FORGET {
            execute!(self, sql, person.0);
        }
        Ok(())
    }
}

impl Export {
    /// The entries as a table for a spreadsheet: one row an entry, centimetres with a point.
    ///
    /// # Errors
    ///
    /// [`csv::Error`], which writing into memory does not give.
    pub fn csv(&self) -> Result<String, csv::Error> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record([
            "id",
            "day",
            "zone",
            "kind",
            "side",
            "state",
            "cm",
            "tries",
            "spread_cm",
            "typed",
            "unit",
            "exercise",
            "sets",
            "standing",
            "logged_at",
        ])?;
        let cm =
            |dmm: Option<i64>| dmm.map_or(String::new(), |d| format!("{}.{:02}", d / 100, d % 100));
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        for entry in &self.entry {
            let logged_at = Timestamp::from_millisecond(entry.logged_at)
                .map_or(String::new(), |at| at.to_string());
            table.write_record([
                entry.id.to_string(),
                entry.day.clone(),
                entry.zone.clone(),
                entry.kind.clone(),
                text(&entry.side),
                text(&entry.state),
                cm(entry.reach_dmm),
                entry.tries.map_or(String::new(), |tries| tries.to_string()),
                cm(entry.spread_dmm),
                text(&entry.typed),
                text(&entry.unit),
                text(&entry.exercise),
                entry.sets.map_or(String::new(), |sets| sets.to_string()),
                entry.standing.clone(),
                logged_at,
            ])?;
        }
        let bytes = table
            .into_inner()
            .map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
