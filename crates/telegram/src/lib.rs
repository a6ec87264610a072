//! The Telegram face of anklebot: an empty room until its adapter moves in.
