//! Presses of buttons, and their answers.

use serde_json::json;

use super::reply::ApiError;
use super::state::State;
use super::timeline::{Event, What};

/// A press of a button.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) chat: i64,
    pub(crate) from: i64,
    pub(crate) at: i64,
    pub(crate) answer: Option<PressAnswer>,
}

/// What somebody who pressed a button gets to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PressAnswer {
    /// The words; empty if the button only stops spinning.
    pub text: String,
    /// Whether it has to be dismissed.
    pub alert: bool,
    /// What is opened.
    pub url: Option<String>,
}

impl State {
    /// Presses a button that sends `data`; returns the query's id.
    pub(crate) fn press(
        &mut self,
        from: i64,
        chat: i64,
        message: i64,
        label: &str,
        data: &str,
    ) -> String {
        self.next_query += 1;
        let id = format!("{}", 9_000_000_000_u64 + self.next_query);
        let found = self
            .message(chat, message)
            .filter(|message| !message.deleted);
        let thread = found.and_then(|message| message.thread);
        let shown = match found {
            Some(message) => self.message_json(message),
            None => self.inaccessible_json(chat, message),
        };
        let update = json!({
            "id": id,
            "from": self.account_json(from),
            "message": shown,
            "chat_instance": format!("{}", chat.unsigned_abs()),
            "data": data,
        });
        let at = self.seconds();
        self.queries.insert(
            id.clone(),
            Query {
                chat,
                from,
                at,
                answer: None,
            },
        );
        // What nobody answers must not pile up in a long run.
        if self.history.is_some_and(|most| self.queries.len() > most) {
            self.queries.pop_first();
        }
        self.timeline.add(Event {
            chat,
            thread,
            message: Some(message),
            who: self.name(from),
            only: Some(from),
            what: What::Pressed {
                label: label.to_owned(),
            },
        });
        self.push("callback_query", &update);
        id
    }

    /// Answers a press, once and in time.
    pub(crate) fn answer_press(&mut self, id: &str, answer: PressAnswer) -> Result<(), ApiError> {
        let (now, life) = (self.seconds(), self.query_life);
        let open = self
            .queries
            .get_mut(id)
            .filter(|query| query.answer.is_none() && query.at + life >= now);
        let Some(query) = open else {
            return Err(ApiError::bad(
                "query is too old and response timeout expired or query ID is invalid",
            ));
        };
        query.answer = Some(answer.clone());
        let (chat, from) = (query.chat, query.from);
        self.ledger.answered(id);
        if self.history.is_some() {
            self.queries.remove(id);
        }
        self.timeline.add(Event {
            chat,
            thread: None,
            message: None,
            who: self.name(from),
            only: Some(from),
            what: What::Answered {
                text: answer.text,
                alert: answer.alert,
            },
        });
        Ok(())
    }
}
