//! Integration tests, named by behaviour.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod calls;
mod changes;
mod check_command;
mod configuration;
mod documents;
mod drain;
mod edits;
mod eval_command;
mod explained;
mod folder_commands;
mod health;
mod http_side;
mod kill;
mod limits;
mod live_lists;
mod merges;
mod million;
mod naive;
mod naive_masks;
mod naive_pinyin;
mod naive_planes;
mod naive_readings;
mod naive_tables;
mod operations;
mod oracle;
mod oracle_planes;
mod reflection;
mod remote_commands;
mod store_answers;
mod store_faults;
mod store_log;
mod support;
mod upgrades;
mod wire;
mod without_texts;
