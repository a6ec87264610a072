//! What a club's boards are made of. Every statement starts from the club and goes by indexes to its
//! members, and costs what they cost, however many others there are.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::checkins::HURT_DAYS_AFTER;
use super::rows::{day, nonsense};
use super::{StoreError, Tx, diaries, on, statements};
use crate::club::{ClubId, PersonId, Privacy};
use crate::exercise::{Diary, Mark, Rest, Tested};

/// The members of a club: each person once, with the first of his accounts there.
macro_rules! of_members {
    ($select:literal) => {
        concat!(
            "with member as (
                select a.person_id, min(a.id) as account_id
                from chat c
                join seen s on s.chat_id = c.id and s.left_at is null
                join account a on a.id = s.account_id
                where c.club_id = $1
                group by a.person_id
            ) ",
            $select
        )
    };
}

statements! {
    /// In one row for each member: what he calls himself, what he shows, his diaries. They are looked up
    /// rather than joined: a planner that knows of ten thousand people reads them all to join five hundred.
    MEMBER_DIARIES = of_members!("select m.person_id,
            (select n.name from account n where n.id = m.account_id) as name,
            (select p.privacy from person p where p.id = m.person_id) as privacy,
            (
                select string_agg(d.first_day || ' ' || d.days, ';')
                from account b join diary d on d.account_id = b.id where b.person_id = m.person_id
            ) as diaries
        from member m order by m.person_id");
    MEMBER_TESTS = of_members!("select m.person_id,
            (select n.name from account n where n.id = m.account_id) as name,
            (select p.privacy from person p where p.id = m.person_id) as privacy,
            (
                select string_agg(t.first_day || ' ' || t.days, ';')
                from account b join tested t on t.account_id = b.id where b.person_id = m.person_id
            ) as days
        from member m order by m.person_id");
    /// Crossed, so that SQLite begins with the members and keeps to that order.
    MEMBER_RESTS = of_members!("select m.person_id, 'rest' as kind, r.first_day, r.last_day
        from member m join rest r on r.person_id = m.person_id
        union all
        select m.person_id, 'rest', b.first_day, b.last_day
        from member m cross join account a cross join seen s cross join chat c
        cross join club_break b
        where a.person_id = m.person_id and s.account_id = a.id and s.left_at is null
            and c.id = s.chat_id and b.club_id = c.club_id
        union all
        select m.person_id, 'hurt', e.day, e.day
        from member m cross join account a cross join entry e
        where a.person_id = m.person_id and e.account_id = a.id and e.hurts
            and e.standing <> 'undone'");
}

/// A member of a club who has done something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<T> {
    /// Who.
    pub person: PersonId,
    /// What he calls himself there.
    pub name: String,
    /// Whether boards may name him.
    pub privacy: Privacy,
    /// What he has done.
    pub done: T,
}

fn privacy(word: &str) -> Result<Privacy, StoreError> {
    Privacy::from_word(word).ok_or_else(|| nonsense("a privacy", word))
}

impl Tx {
    /// The diaries of a club's members, of whoever has one.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn member_diaries(&mut self, club: ClubId) -> Result<Vec<Member<Diary>>, StoreError> {
        self.members(MEMBER_DIARIES, club).await
    }

    /// The same as its boards count them, which stand still while the club has a break.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn board_diaries(&mut self, club: ClubId) -> Result<Vec<Member<Diary>>, StoreError> {
        let mut members = self.member_diaries(club).await?;
        self.leave_breaks_out(club, &mut members).await?;
        Ok(members)
    }

    /// On how many days that its boards count a club's members have tested between two days, both included.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn member_tests(
        &mut self,
        club: ClubId,
        (first, last): (Date, Date),
    ) -> Result<Vec<Member<u32>>, StoreError> {
        let mut members: Vec<Member<Diary<Tested>>> = self.members(MEMBER_TESTS, club).await?;
        self.leave_breaks_out(club, &mut members).await?;
        let counted = members.into_iter().map(|one| Member {
            person: one.person,
            name: one.name,
            privacy: one.privacy,
            done: one.done.days_between(first, last),
        });
        Ok(counted.filter(|one| one.done > 0).collect())
    }

    async fn leave_breaks_out<M: Mark>(
        &mut self,
        club: ClubId,
        members: &mut [Member<Diary<M>>],
    ) -> Result<(), StoreError> {
        let breaks = self.breaks(club, Date::MIN).await?;
        if !breaks.is_empty() {
            for one in members {
                one.done.leave_out(&breaks);
            }
        }
        Ok(())
    }

    async fn members<M: Mark>(
        &mut self,
        sql: &'static str,
        club: ClubId,
    ) -> Result<Vec<Member<Diary<M>>>, StoreError> {
        let rows: Vec<(i64, String, String, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(sql).bind(club.0).fetch_all(c).await?);
        let mut members = Vec::with_capacity(rows.len());
        for (person, name, shown, diaries) in rows {
            let Some(done) = diaries::read_all(diaries.as_deref())? else {
                continue;
            };
            members.push(Member {
                person: PersonId(person),
                name,
                privacy: privacy(&shown)?,
                done,
            });
        }
        Ok(members)
    }

    /// The days on which nothing is asked of a club's members, as [`Tx::rests`] has them for one.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn member_rests(
        &mut self,
        club: ClubId,
    ) -> Result<BTreeMap<PersonId, Vec<Rest>>, StoreError> {
        let rows: Vec<(i64, String, String, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(MEMBER_RESTS).bind(club.0).fetch_all(c).await?);
        let mut rests: BTreeMap<PersonId, Vec<Rest>> = BTreeMap::new();
        for (person, kind, first, last) in rows {
            let first = day(&first)?;
            let last = match kind.as_str() {
                "hurt" => Some(first.saturating_add(HURT_DAYS_AFTER.days())),
                _ => last.as_deref().map(day).transpose()?,
            };
            let rest = Rest { first, last };
            rests.entry(PersonId(person)).or_default().push(rest);
        }
        Ok(rests)
    }
}
