//! The Discord face on a fake Discord: the real library, the real store, real HTTP and WebSocket.

mod answers;
mod channel;
mod edges;
mod gateway;
mod house;
mod registered;
