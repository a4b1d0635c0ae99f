//! Every limit in one place, each with its unit and its reason.

use std::time::Duration;

/// Longest message text, in bytes: far above any chat message; keeps the time of one check bounded.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// Most messages in one request: at 68 ns a message a full batch still takes well under a millisecond of parsing.
pub const MAX_BATCH_MESSAGES: usize = 1_024;

/// Largest request of the check calls, in bytes: the decoder reserves what a frame claims, so the claim must be bounded.
pub const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// Largest message of a push, in bytes: pieces of files are 1 MiB at most.
pub const MAX_PUSH_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

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

/// Most hits kept that start at one symbol of one stream: bounds what a verdict costs at length x this.
pub const MAX_HITS_PER_START: usize = 64;

/// Largest dictionary or policy folder, in bytes.
pub const MAX_PUSH_BYTES: u64 = 256 * 1024 * 1024;

/// Longest account of a mistake by our own decoders and parsers that an error repeats, in bytes: it ends with the mend, and a status
/// holds it three times in its 2 KiB.
pub const MAX_ERROR_CAUSE_BYTES: usize = 480;

/// Longest part of a caller's mistake that an error repeats, in characters: keeps the details of a status under 2 KiB.
pub const MAX_ERROR_TEXT_CHARS: usize = 80;

/// Most scopes of a policy among which the nearest to one that it does not define is looked for: every message of a batch may ask for
/// another, and the search must stay small beside what judging a text may cost.
pub const MAX_COMPARED_SCOPES: usize = 16;

/// Longest scope whose nearest is looked for, in bytes: a comparison takes its length by that of the other.
pub const MAX_COMPARED_SCOPE_BYTES: usize = 32;

/// How long a shed caller is asked to wait: long enough for tens of thousands of queued checks to finish.
pub const PUSHBACK_OVERLOAD: Duration = Duration::from_millis(200);

/// How long a caller waits for a server that is loading or leaving: a build takes about that long, a balancer reacts within it.
pub const PUSHBACK_LOADING: Duration = Duration::from_secs(1);

/// Longest time that judging keeps a runtime thread without yielding: other connections wait that long at most.
pub const MAX_BLOCKING: Duration = Duration::from_micros(500);

/// Messages are judged together until they weigh this much, in bytes: enough to share what a scan costs, little enough that their symbols
/// stay in the second cache and that the deadline is looked at every few microseconds.
pub const PORTION_BYTES: usize = 16 * 1024;

/// What a message weighs in the admission limit beside its text, in bytes: its other fields and its verdict.
pub const MESSAGE_OVERHEAD_BYTES: usize = 256;

/// Most connections on the gRPC port: each holds about 100 KiB of buffers at rest, so a full house stays in the hundreds of MiB.
pub const MAX_GRPC_CONNECTIONS: usize = 4_096;

/// Most connections on the HTTP port, which serves probes, scrapers and occasional checks.
pub const MAX_HTTP_CONNECTIONS: usize = 512;

/// Most streams at a time on one connection: the advice of gRPC, and a bound on what one peer can make us hold.
pub const MAX_CONCURRENT_STREAMS: u32 = 100;

/// Most streams that a peer may open and reset before we accepted them (CVE-2023-44487, rapid reset); h2 defaults to the same.
pub const MAX_PENDING_ACCEPT_RESET_STREAMS: usize = 20;

/// Most streams that we reset because of the peer's errors on one connection (RUSTSEC-2024-0003); hyper's default, which tonic unsets.
pub const MAX_LOCAL_ERROR_RESET_STREAMS: usize = 1_024;

/// Largest header list of a request, in bytes: tokens and tracing headers fit with room to spare.
pub const MAX_HEADER_LIST_BYTES: u32 = 16 * 1024;

/// HTTP/2 frame size, in bytes: the protocol's least; 64 KiB frames brought stalls of 4 ms.
pub const FRAME_BYTES: u32 = 16 * 1024;

/// Flow-control window of one stream, in bytes: a full request arrives without waiting for an update.
pub const STREAM_WINDOW_BYTES: u32 = 1024 * 1024;

/// Flow-control window of one connection, in bytes: h2 kills honest streams of small frames below 4 MiB.
pub const CONNECTION_WINDOW_BYTES: u32 = 4 * 1024 * 1024;

/// How long a new connection may take until its HTTP/2 preface, or its HTTP/1 request head, is complete.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection may be silent before it is asked for a sign of life.
pub const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(60);

/// How long a peer may take to give it before the connection is closed.
pub const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a gRPC connection lives before it is asked to reconnect, give or take a tenth: balancers in front spread load only over
/// new connections.
pub const MAX_CONNECTION_AGE: Duration = Duration::from_secs(30 * 60);

/// How long a connection that was asked to reconnect may finish its calls.
pub const CONNECTION_AGE_GRACE: Duration = Duration::from_secs(60);

/// How long the body of an HTTP request may take to arrive.
pub const HTTP_BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes of messages that may be in judgement at a time in the whole process: about a second of work for one core.
pub const MAX_IN_FLIGHT_BYTES: usize = 64 * 1024 * 1024;

/// How long the process keeps accepting after it said that it leaves, so that balancers hear of it first.
pub const DRAIN_DELAY: Duration = Duration::from_secs(2);

/// How long accepted work may take to finish once nothing new is accepted: under the 30 s that Kubernetes waits.
pub const DRAIN_GRACE: Duration = Duration::from_secs(20);

/// Connections that the kernel queues for a listener.
pub const LISTEN_BACKLOG: u32 = 1_024;

/// How long a watched folder must be quiet before it is read: editors and copies write in bursts.
pub const WATCH_QUIET: Duration = Duration::from_millis(50);

/// How long a burst may last before the folder is read nevertheless.
pub const WATCH_BURST: Duration = Duration::from_millis(500);

/// How often a watched folder is looked at where no notice came: network and overlay file systems send none.
pub const WATCH_POLL: Duration = Duration::from_secs(5);

/// The longest pause before a watched folder is tried again that was held up by something else than its content.
pub const WATCH_RETRY: Duration = Duration::from_secs(60);

/// How often a folder is read again when it changed while it was read.
pub const WATCH_READS: usize = 10;

/// JSON bodies from this size on, in bytes, are read and written on a thread that may block: below, it takes well under
/// [`MAX_BLOCKING`].
pub const BLOCKING_JSON_BYTES: usize = 64 * 1024;

/// Most problems of one folder that go to the log; `tamis lint` shows all.
pub const MAX_LOGGED_PROBLEMS: usize = 100;
