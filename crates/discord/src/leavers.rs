//! Discord tells who has left a server only to those who may read the list of all members, and we do not
//! ask for that: so each is looked up.

use ankle_core::delivery::{Found, Roll};
use ankle_core::face::SendError;
use reqwest::Method;

use crate::answer::Desk;
use crate::rest::{Call, CallError};

impl Roll for Desk {
    async fn look_up(&self, server: &str, user: &str) -> Found {
        let path = format!("/guilds/{server}/members/{user}");
        let call = Call::bot(Method::GET, "member", server, path);
        match self.rest.call(&call).await {
            Ok(_) => Found::Here,
            Err(CallError::NoMember) => Found::Left,
            Err(CallError::Send(SendError::Rejected)) => Found::Unknown,
            Err(CallError::Send(SendError::Gone | SendError::Forbidden(_))) => Found::ChatGone,
            Err(CallError::Send(SendError::Away | SendError::InDoubt)) => Found::ChatUnwell,
            Err(error) => {
                tracing::debug!(%error, "a member cannot be looked up just now");
                Found::NotNow
            }
        }
    }
}
