//! What many stories need: lists in folders, the real server in this process, the real binary, calls above and below gRPC's manners.

mod binary;
mod latency;
mod lists;
pub(crate) mod raw;
mod server;
mod verdict;

pub(crate) use binary::Binary;
pub(crate) use latency::{Checking, percentiles};
pub(crate) use lists::{Lists, parsed};
pub(crate) use server::{Running, batch, get, http, message};
pub(crate) use verdict::verdict_of;
