//! Every limit in one place, each with its unit and its reason.

use std::time::Duration;

/// Longest message text, in bytes: far above any chat message; keeps the time of one check bounded.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// Most messages in one request: at 68 ns a message a full batch still takes well under a millisecond of parsing.
pub const MAX_BATCH_MESSAGES: usize = 1_024;

/// Largest request of the check calls, in bytes: the decoder reserves what a frame claims, so the claim must be bounded.
pub const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// Most terms in one dictionary.
pub const MAX_TERMS: usize = 1_000_000;

/// Longest term, in folded symbols: bounds the look-behind of every engine.
pub const MAX_TERM_SYMBOLS: usize = 256;

/// Longest term or exception as written, in bytes: zero-width characters fold away, so that symbols alone do not bound it.
pub const MAX_TERM_BYTES: usize = 4 * 1024;

/// Longest id of a term, in characters: it stands in every verdict that the term is in.
pub const MAX_ID_CHARS: usize = 256;

/// Longest name of a category, in characters: it labels metrics and keys of policies.
pub const MAX_CATEGORY_CHARS: usize = 64;

/// Most triggers that one verdict reports; the verdict itself uses all.
pub const MAX_TRIGGERS: usize = 16;

/// Most matches that one trigger reports; the verdict itself uses all.
pub const MAX_MATCHES: usize = 64;

/// Largest dictionary or policy folder, in bytes.
pub const MAX_PUSH_BYTES: u64 = 256 * 1024 * 1024;

/// Longest part of a caller's mistake that an error repeats, in characters: keeps the details of a status under 2 KiB.
pub const MAX_ERROR_TEXT_CHARS: usize = 80;

/// How long a shed caller is asked to wait: long enough for tens of thousands of queued checks to finish.
pub const PUSHBACK_OVERLOAD: Duration = Duration::from_millis(200);

/// How long a caller waits for a server that is loading or leaving: a build takes about that long, a balancer reacts within it.
pub const PUSHBACK_LOADING: Duration = Duration::from_secs(1);

/// Longest time that judging keeps a runtime thread without yielding: other connections wait that long at most.
pub const MAX_BLOCKING: Duration = Duration::from_micros(500);

/// What a message weighs in the admission limit beside its text, in bytes: its other fields and its verdict.
pub const MESSAGE_OVERHEAD_BYTES: usize = 256;
