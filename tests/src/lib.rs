//! What the stories about anklebot share, and the load driver.

pub mod load;
