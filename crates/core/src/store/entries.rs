use jiff::Timestamp;
use jiff::civil::Date;

use super::rows::{self, EntryRow};
use super::{Store, StoreError, Tx, Visit, Who, execute, on, statements};
use crate::club::{Entry, EntryId, PersonId, Settings, Standing};
use crate::measure::{Distance, Side, State};

/// An account's like tests of one leg in one state: the last eight, and the last of the first day. That
/// day is looked up by itself, so that an index answers both however many tests a day has.
macro_rules! likes_of {
    ($account:literal, $before:literal, $side:literal, $state:literal) => {
        concat!(
            "select * from (",
            likes_of!(@ $account, $before, $side, $state),
            " and standing <> 'undone' order by day desc, id desc limit 8",
            ") as latest union all select * from (",
            likes_of!(@ $account, $before, $side, $state),
            " and standing = 'live' and day = (",
            likes_of!(@ "day", $account, $before, $side, $state),
            " and standing = 'live' order by day limit 1) order by id desc limit 1",
            ") as baseline"
        )
    };
    (@ $account:literal, $before:literal, $side:literal, $state:literal) => {
        likes_of!(@ "id, day, side, state, reach_dmm, spread_dmm, standing",
            $account, $before, $side, $state)
    };
    (@ $what:literal, $account:literal, $before:literal, $side:literal, $state:literal) => {
        concat!(
            "select ", $what, " from entry where account_id = ", $account,
            " and kind = 'lunge' and side = '", $side, "' and state = '", $state, "'", $before
        )
    };
}

/// An account's like tests: of each leg and state the first, and the last eight, some of them twice
/// and in no order. In parts, each of which an index answers without a table of its own, so that a
/// long history costs little more than a short one. In one row, because with SQLite each row is two
/// threads waking each other.
macro_rules! likes {
    ($account:literal, $before:literal) => {
        concat!(
            "select string_agg(concat_ws(' ', id, day, side, state, reach_dmm, spread_dmm, standing), ';')
            from (",
            likes_of!($account, $before, "left", "cold"),
            " union all ",
            likes_of!($account, $before, "left", "warm"),
            " union all ",
            likes_of!($account, $before, "right", "cold"),
            " union all ",
            likes_of!($account, $before, "right", "warm"),
            ") as likes"
        )
    };
}
pub(super) use {likes, likes_of};

statements! {
    LIKES = likes!("$1", " and (day, id) < ($2, $3)");
    OTHER_ACCOUNTS = "select id from account where person_id = $1 and id <> $2";
    ONE = "select e.id, e.day, e.zone, e.logged_at, e.standing, e.side, e.state, e.reach_dmm,
            e.tries, e.spread_dmm, e.typed, e.unit, e.event
        from entry e join account a on a.id = e.account_id
        where e.id = $1 and a.person_id = $2 and e.kind = 'lunge'";
    LATEST = "select e.id, e.day, e.zone, e.logged_at, e.standing, e.side, e.state, e.reach_dmm,
            e.tries, e.spread_dmm, e.typed, e.unit, e.event
        from entry e join account a on a.id = e.account_id
        where a.person_id = $1 and e.kind = 'lunge' and e.standing <> 'undone'
            and e.event = (
                select f.event from entry f join account b on b.id = f.account_id
                where b.person_id = $1 and f.kind = 'lunge' and f.standing <> 'undone'
                order by f.id desc limit 1
            )
        order by e.id";
    BY_EVENT = "select e.id, e.day, e.zone, e.logged_at, e.standing, e.side, e.state, e.reach_dmm,
            e.tries, e.spread_dmm, e.typed, e.unit, e.event
        from entry e join account a on a.id = e.account_id
        where a.person_id = $2 and e.kind = 'lunge' and e.day >= $3 and e.event = $1
            and e.standing <> 'undone'
        order by e.id";
    HISTORY = "select e.id, e.day, e.zone, e.logged_at, e.standing, e.side, e.state, e.reach_dmm,
            e.tries, e.spread_dmm, e.typed, e.unit, e.event
        from entry e join account a on a.id = e.account_id
        where a.person_id = $1 and e.kind = 'lunge' and e.standing <> 'undone' and e.day < $2
        order by e.day desc, e.state, e.id desc limit 24";
    LATEST_OF = "select e.id, e.day, e.zone, e.logged_at, e.standing, e.side, e.state, e.reach_dmm,
            e.tries, e.spread_dmm, e.typed, e.unit, e.event
        from entry e join account a on a.id = e.account_id
        where a.person_id = (select person_id from account where platform = $1 and external = $2)
            and e.kind = 'lunge' and e.standing <> 'undone'
        order by e.id desc limit 25";
    HAS_ANY = "select exists (
            select 1 from entry e join account a on a.id = e.account_id
            where a.person_id = $1 and e.kind = 'lunge' and e.standing <> 'undone'
        )";
    COUNT = "select count(*) from entry e join account a on a.id = e.account_id
        where a.person_id = $1 and e.kind = 'lunge' and e.standing <> 'undone'";
    UPDATE = "update entry set day = $2, standing = $3, side = $4, state = $5, reach_dmm = $6,
            tries = $7, spread_dmm = $8, typed = $9, unit = $10
        where id = $1";
    HURTS = "update entry set hurts = true where id = $1";
    UNDONE_FROM = "select before from entry_change
        where entry_id = $1 and what = 'undo' order by id desc limit 1";
    CHANGE = "insert into entry_change (entry_id, at, event, what, before)
        values ($1, $2, $3, $4, $5)";
}

/// How many of a leg's latest tests are compared with.
const LAST: usize = 8;

/// As many entries as one page of the history reads.
pub const HISTORY_PAGE: usize = 24;

/// An earlier test of a known leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    /// Its number.
    pub id: EntryId,
    /// Its day.
    pub day: Date,
    /// The leg.
    pub side: Side,
    /// Cold or warm.
    pub state: State,
    /// The mean of its tries.
    pub distance: Distance,
    /// How far the tries lie apart.
    pub spread: i64,
    /// Live, or still unconfirmed.
    pub standing: Standing,
}

/// A change of an entry: what it said before is kept.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The kind of change.
    pub what: What,
    /// The event that changes it.
    pub event: &'a str,
    /// The present instant.
    pub now: Timestamp,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Taken back.
    Undo,
    /// Put back.
    Restore,
    /// Corrected.
    Edit,
    /// Confirmed.
    Confirm,
}

impl What {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::Restore => "restore",
            Self::Edit => "edit",
            Self::Confirm => "confirm",
        }
    }
}

impl Like {
    /// Reads them as [`likes!`] writes them.
    pub(super) fn read_all(all: Option<&str>) -> Result<Vec<Self>, StoreError> {
        all.iter()
            .flat_map(|all| all.split(';'))
            .map(Self::read)
            .collect()
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        let nonsense = || rows::nonsense("a like test", text);
        let mut words = text.split(' ');
        let mut word = || words.next().ok_or_else(nonsense);
        let number = |word: &str| word.parse::<i64>().map_err(|_| nonsense());
        Ok(Self {
            id: EntryId(number(word()?)?),
            day: rows::day(word()?)?,
            side: rows::side(Some(word()?))?.ok_or_else(nonsense)?,
            state: rows::state(word()?)?,
            distance: rows::distance(number(word()?)?)?,
            spread: number(word()?)?,
            standing: rows::standing(word()?)?,
        })
    }
}

/// Of each leg and state the first that counts and the last eight, in order, out of several
/// accounts' firsts and lasts.
fn first_and_last(mut likes: Vec<Like>) -> Vec<Like> {
    likes.sort_unstable_by_key(|like| (like.day, like.id));
    likes.dedup_by_key(|like| like.id);
    let mut kept = Vec::with_capacity(likes.len());
    for (n, like) in likes.iter().enumerate() {
        let same = |other: &&Like| other.side == like.side && other.state == like.state;
        let is_late = likes[n + 1..].iter().filter(same).count() < LAST;
        let is_first = like.standing == Standing::Live
            && !likes[..n]
                .iter()
                .filter(same)
                .any(|earlier| earlier.standing == Standing::Live);
        if is_late || is_first {
            kept.push(like.clone());
        }
    }
    kept
}

impl Store {
    /// What somebody has set, and his latest tests, newest first: 25 at most. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn latest_of(&self, who: Who<'_>) -> Result<(Settings, Vec<Entry>), StoreError> {
        let (_, settings) = self.known_of(who).await?;
        let rows: Vec<EntryRow> = on!(self.reader(), pool => sqlx::query_as(LATEST_OF)
            .bind(who.platform.0).bind(who.external).fetch_all(pool).await?);
        let entries: Result<_, _> = rows.into_iter().map(Entry::try_from).collect();
        Ok((settings, entries?))
    }
}

impl Tx {
    /// A person's tests of known legs before a day's entry, earliest first: of each leg and state
    /// the baseline and the last eight.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn likes(
        &mut self,
        visit: &Visit,
        before: (Date, EntryId),
    ) -> Result<Vec<Like>, StoreError> {
        let mut likes = self.likes_of(visit.account.0, before).await?;
        if visit.has_other_accounts {
            let (person, account) = (visit.person.0, visit.account.0);
            let others: Vec<i64> = on!(self.connection().await?, c => sqlx::query_scalar(OTHER_ACCOUNTS)
                .bind(person).bind(account).fetch_all(c).await?);
            for other in others {
                likes.extend(self.likes_of(other, before).await?);
            }
        }
        Ok(first_and_last(likes))
    }

    async fn likes_of(
        &mut self,
        account: i64,
        before: (Date, EntryId),
    ) -> Result<Vec<Like>, StoreError> {
        // What was read ahead has no bound: it serves if none of it lies beyond this one.
        // It stays, to tell later which days have tests already.
        if let Some((of, likes)) = &self.ahead
            && *of == account
            && likes.iter().all(|like| (like.day, like.id) < before)
        {
            return Ok(likes.clone());
        }
        let (day, id) = before;
        let all: Option<String> = on!(self.connection().await?, c => sqlx::query_scalar(LIKES)
            .bind(account).bind(day.to_string()).bind(id.0)
            .fetch_one(c).await?);
        Like::read_all(all.as_deref())
    }

    /// A person's entry by its number, taken back or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn entry(
        &mut self,
        person: PersonId,
        id: EntryId,
    ) -> Result<Option<Entry>, StoreError> {
        let row: Option<EntryRow> = on!(self.connection().await?, c => sqlx::query_as(ONE)
            .bind(id.0).bind(person.0).fetch_optional(c).await?);
        row.map(Entry::try_from).transpose()
    }

    /// The entries of a person's latest test that still stands.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn latest(&mut self, person: PersonId) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<EntryRow> = on!(self.connection().await?, c => sqlx::query_as(LATEST)
            .bind(person.0).fetch_all(c).await?);
        rows.into_iter().map(Entry::try_from).collect()
    }

    /// The entries that a person logged by an event, for days since `since`, and that still stand.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn logged_by(
        &mut self,
        person: PersonId,
        event: &str,
        since: Date,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<EntryRow> = on!(self.connection().await?, c => sqlx::query_as(BY_EVENT)
            .bind(event).bind(person.0).bind(since.to_string()).fetch_all(c).await?);
        rows.into_iter().map(Entry::try_from).collect()
    }

    /// A person's tests before a day, newest first, session by session: [`HISTORY_PAGE`] entries at
    /// most.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn history(
        &mut self,
        person: PersonId,
        before: Date,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<EntryRow> = on!(self.connection().await?, c => sqlx::query_as(HISTORY)
            .bind(person.0).bind(before.to_string()).fetch_all(c).await?);
        rows.into_iter().map(Entry::try_from).collect()
    }

    /// Whether a person has any test that was not taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn has_any(&mut self, person: PersonId) -> Result<bool, StoreError> {
        Ok(
            on!(self.connection().await?, c => sqlx::query_scalar(HAS_ANY)
            .bind(person.0).fetch_one(c).await?),
        )
    }

    /// How many tests a person has that were not taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn count(&mut self, person: PersonId) -> Result<i64, StoreError> {
        Ok(on!(self.connection().await?, c => sqlx::query_scalar(COUNT)
            .bind(person.0).fetch_one(c).await?))
    }

    /// The standing that an entry had when it was last taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn undone_from(&mut self, id: EntryId) -> Result<Standing, StoreError> {
        let before: Option<String> = on!(self.connection().await?, c => sqlx::query_scalar(UNDONE_FROM)
            .bind(id.0).fetch_optional(c).await?);
        let Some(before) = before else {
            return Ok(Standing::Live);
        };
        let before: serde_json::Value = serde_json::from_str(&before)?;
        rows::standing(before["standing"].as_str().unwrap_or_default())
    }

    /// Notes that a test hurt.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn hurts(&mut self, id: EntryId) -> Result<(), StoreError> {
        execute!(self, HURTS, id.0);
        Ok(())
    }

    /// Changes an entry, keeping what it said before.
    ///
    /// # Errors
    ///
    /// As [`Tx::log`].
    pub async fn change(
        &mut self,
        before: &Entry,
        after: &Entry,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        self.ahead = None;
        let old = serde_json::json!({
            "day": before.day.to_string(),
            "standing": before.standing.word(),
            "side": before.side.map(Side::word),
            "state": before.state.word(),
            "reach_dmm": before.distance.dmm(),
            "tries": before.tries,
            "spread_dmm": before.spread,
            "typed": before.typed,
            "unit": before.unit.symbol(),
        });
        execute!(
            self,
            CHANGE,
            before.id.0,
            change.now.as_millisecond(),
            change.event,
            change.what.word(),
            old.to_string()
        );
        execute!(
            self,
            UPDATE,
            before.id.0,
            after.day.to_string(),
            after.standing.word(),
            after.side.map(Side::word),
            after.state.word(),
            after.distance.dmm(),
            i64::from(after.tries),
            after.spread,
            after.typed.as_str(),
            after.unit.symbol()
        );
        self.rewrite_test_days(before, after).await
    }
}
