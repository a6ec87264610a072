//! Words: the languages the program speaks, and every finding, refusal and page as a card.
//!
//! The sentences are in `locales/`, one Fluent file a language. Names, times, links and commands
//! never enter a sentence as text: they pass through it as private-use characters and become
//! [`Span`](crate::card::Span)s afterwards, so that a renderer escapes each of them once.

mod board;
mod budget;
mod challenge;
mod check_in;
mod club;
mod club_show;
mod format;
mod help;
mod log;
mod lunge;
mod moment;
mod person;
mod post;
mod reminder;
mod say;

pub use board::{board_card, board_more_card, own_rank_card};
pub use budget::{Draft, PRIVATE, ROOM};
pub use challenge::{
    ChallengeReport, JoinNews, about_to_win_card, challenge_cancelled_card, challenge_card,
    challenge_more_card, challenges_card, joined_card, named_card, own_days_card, ready_made_title,
    results_not_posted_card, with_ready_made,
};
pub use check_in::{
    DoneReport, StreakReport, Waiting, check_in_text, check_ins_card, check_ins_restored_card,
    check_ins_undone_card, done_aside, done_card, exercise_words, exercises_words, paused_card,
    resumed_card, streak_card,
};
pub use club::{
    Check, club_card, club_saved_card, doctor_card, guess_zones, reminders_followed, setup_card,
    welcome_card, which_zone_card,
};
pub use club_show::{
    BreakNews, ClubReport, DeputyNews, Home, break_card, club_show_card, deputies_card, home_card,
};
pub use help::{HelpLine, command_line, command_words, help_page, lunge_guide, option_words};
pub use log::{
    Trend, confirmed_card, entry_text, history_card, legs_text, restored_card, share_card,
    shared_before_card, undone_card,
};
pub use lunge::{InchesQuestion, LungeReport, Pain, lunge_aside, lunge_card, more_card};
pub use moment::Reader;
pub use person::{Profile, export_card, files_not_sent_card, forget_card, profile_card};
pub use post::{Mark, Post, nudge_card, post_card};
pub use reminder::{
    NudgeNews, ReminderNews, RemindersOf, fixed_card, kept_card, not_posted_card, nudge_set_card,
    quiet_card, reminder_card, reminder_removed_card, reminders_card, with_stopped_nudge,
};
pub use say::{Arg, Speaker};

#[cfg(test)]
pub(crate) use say::{message_ids, said};
