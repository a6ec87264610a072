//! Who sees what: what is for the asker alone, nobody else sees.

use ankle_core::card::Card;
use ankle_core::face::{Answer, Audience, Outcome, Placement, Question};
use ankle_core::store::{StoreError, Who};
use ankle_core::words::{Speaker, files_not_sent_card, guess_zones, setup_card};
use serde_json::json;

use super::respond::{Fate, Reply, Stage, attachments, flags};
use super::{Desk, language};
use crate::form::Form;
use crate::interaction::{From, PLATFORM, Target, Whereabouts};
use crate::render::{Draft, MAX_ROWS, Stand, extra_row, messages};

impl Desk {
    /// Lets an outcome reach whom it is for.
    pub async fn deliver(&self, outcome: Outcome, reply: &mut Reply<'_>) {
        match outcome {
            Outcome::Say(answer) => self.say(&answer, reply).await,
            Outcome::Ask(question) => self.ask(&question, reply).await,
            // What was to be examined is said by now.
            Outcome::Examine(_) | Outcome::Suggest(_) | Outcome::Quiet => {
                self.keep_quiet(reply).await;
            }
        }
    }

    async fn say(&self, answer: &Answer, reply: &mut Reply<'_>) {
        let drafts = messages(&answer.card, stand(answer, reply.to));
        let fate = self.give(drafts, answer, reply).await;
        let files = answer.card.files.iter().map(|file| file.name.as_str());
        let files: Vec<_> = files.collect();
        if fate == Fate::Refused && !files.is_empty() {
            // Whoever asked for them must not wait for what does not come.
            let told = files_not_sent_card(Speaker::of(answer.language), &files);
            let drafts = messages(&told, stand(answer, reply.to));
            self.give(drafts, answer, reply).await;
        }
    }

    /// A question with its buttons, and one more that opens a form if something has to be typed.
    async fn ask(&self, question: &Question, reply: &mut Reply<'_>) {
        let answer = &question.answer;
        let to = reply.to;
        let mut drafts = messages(&answer.card, stand(answer, to));
        if let (Some(argument), Some(last)) = (&question.argument, drafts.last_mut()) {
            let form = Form {
                origin: to.hook.id.clone(),
                elsewhere: to.whereabouts == Whereabouts::Elsewhere,
                argument: argument.clone(),
                line: question.line.clone(),
            };
            let label = Speaker::of(answer.language).label("button-answer");
            if let Some(rows) = last.body["components"].as_array_mut() {
                rows.truncate(MAX_ROWS - 1);
                rows.push(extra_row(&label, &form.opener()));
            }
        }
        self.give(drafts, answer, reply).await;
    }

    /// Gives an answer in its messages: the first is the response, or stands where one was promised.
    /// If one is refused, what stands already stands, and another may be given in its place.
    async fn give(&self, drafts: Vec<Draft>, answer: &Answer, reply: &mut Reply<'_>) -> Fate {
        let to = reply.to;
        let privately =
            answer.audience == Audience::Asker || to.whereabouts == Whereabouts::Elsewhere;
        // A form's answer replaces the question that opened it; after a slip the question still stands.
        let replaces = matches!(to.from, From::Message { own: Some(_) })
            && (answer.placement == Placement::InPlace || (to.is_form && !answer.refuses));
        let in_place = replaces && privately && reply.may_edit();
        let mut drafts = drafts.into_iter();
        let Some(first) = drafts.next() else {
            return Fate::Given;
        };
        let mut fate = match reply.stage {
            Stage::Lost => return Fate::Lost,
            Stage::Open => self.respond_with(to, first, in_place, privately).await,
            Stage::PressPutOff if in_place => self.write_over(to, first).await,
            Stage::Given | Stage::PressPutOff => self.say_more(to, first, privately).await,
            // It was promised to all, and is for one: the promise goes, and he alone is told.
            Stage::PutOff { privately: false } if privately => match self.take_away(to).await {
                Fate::Given => {
                    reply.stage = Stage::Given;
                    self.say_more(to, first, true).await
                }
                fate => fate,
            },
            Stage::PutOff { .. } => self.write_over(to, first).await,
        };
        for draft in drafts {
            if fate == Fate::Given {
                reply.stage = Stage::Given;
                fate = self.say_more(to, draft, privately).await;
            }
        }
        reply.stage = match fate {
            Fate::Given => Stage::Given,
            Fate::Refused => reply.stage,
            Fate::Lost => Stage::Lost,
        };
        fate
    }

    async fn respond_with(
        &self,
        to: &Target,
        draft: Draft,
        in_place: bool,
        privately: bool,
    ) -> Fate {
        let mut data = draft.body;
        if in_place {
            data["attachments"] = attachments(&draft.files);
        } else {
            data["flags"] = json!(flags(to, privately));
        }
        let kind = if in_place { 7 } else { 4 };
        let mut response = json!({ "type": kind });
        response["data"] = data;
        self.respond(to, response, draft.files).await
    }

    /// Nothing is to be said: but whoever pressed or commanded must not wait for it.
    async fn keep_quiet(&self, reply: &mut Reply<'_>) {
        let to = reply.to;
        match reply.stage {
            Stage::Open if matches!(to.from, From::Message { own: Some(_) }) => {
                self.respond(to, json!({ "type": 6 }), Vec::new()).await;
            }
            Stage::Open => {
                self.put_off(reply, Audience::Asker).await;
                self.take_away(to).await;
            }
            Stage::PutOff { .. } => {
                self.take_away(to).await;
            }
            Stage::PressPutOff | Stage::Given | Stage::Lost => {}
        }
    }

    /// Says that something is not understood at all.
    pub async fn shrug(&self, to: &Target) {
        let card = Card::line(Speaker::of(language(to)).say("command-old", &[]));
        self.say(&Answer::private(card), &mut Reply::to(to)).await;
    }

    /// The first command of somebody who may set up a server also gets, for him alone, what to set: once
    /// in a server.
    pub async fn offer_set_up(&self, reply: &mut Reply<'_>) {
        let to = reply.to;
        let Some(server) = to.server.as_deref().filter(|_| to.organises) else {
            return;
        };
        if to.from != From::Command || reply.stage != Stage::Given {
            return;
        }
        if !self.takes_on_set_up(server) {
            return;
        }
        let shown = Box::pin(self.show_set_up(server, to)).await;
        let shown = shown.unwrap_or_else(|error| {
            tracing::warn!(%error, "a server's set-up is offered later");
            false
        });
        if !shown {
            self.set_up().remove(server);
        }
    }

    /// Noted when it is there, and not before: rather twice than never.
    async fn show_set_up(&self, server: &str, to: &Target) -> Result<bool, StoreError> {
        let known = self.store.beginnings_of(PLATFORM, server).await?;
        if known.greeted {
            return Ok(true);
        }
        let who = Who {
            platform: PLATFORM,
            external: &to.user,
            name: "",
            locale: None,
            handle: None,
        };
        let (_, settings) = self.store.known_of(who).await?;
        let (by_locale, guess, neighbours) = guess_zones(to.locale.as_deref());
        let say = Speaker::of(settings.language.unwrap_or(by_locale));
        let zones = (!known.has_zone).then_some((&guess, &neighbours[..]));
        let stand = Stand {
            owner: None,
            in_room: true,
        };
        for draft in messages(&setup_card(say, zones), stand) {
            if self.say_more(to, draft, true).await != Fate::Given {
                return Ok(false);
            }
        }
        let mut tx = self.store.begin().await?;
        tx.greet(PLATFORM, server, self.clock.now()).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn stand(answer: &Answer, to: &Target) -> Stand {
    Stand {
        owner: answer.owner.map(|account| account.0),
        in_room: to.whereabouts == Whereabouts::Room,
    }
}
