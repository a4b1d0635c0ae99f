//! Judging a batch: one snapshot for all of it, nothing started after the deadline, no thread kept from other connections.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use super::error::{Refusal, Unjudged, word};
use crate::{
    config::limits::{MAX_BATCH_MESSAGES, MAX_BLOCKING, MESSAGE_OVERHEAD_BYTES, PORTION_BYTES},
    folder::closest_name,
    identity::Name,
    registry::{Registry, Serving},
    snapshot::{Context, Judge, Message, Options, Scratch, Verdict},
    telemetry::{self, Metrics},
    text::OffsetUnit,
};

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// When the caller stops waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub Instant);

/// What a caller asks for beside the messages.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The policy; empty for the configured one.
    pub policy: &'a str,
    /// The unit of spans.
    pub offsets: OffsetUnit,
    /// Whether matches say how they were found.
    pub explain: bool,
    /// The caller's name for the call.
    pub request_id: &'a str,
    /// When the caller stops waiting, if it said so.
    pub deadline: Option<Deadline>,
}

/// A message as it came in.
pub trait Incoming {
    /// The length of its text, in bytes.
    fn bytes(&self) -> usize;

    /// The message as the core takes it.
    fn read(&self) -> Result<Message<'_>, Unjudged>;
}

/// Either a verdict or the message's own error.
pub type Outcome = Result<Verdict, Unjudged>;

/// Judges batches by whatever serves.
#[derive(Debug)]
pub struct Filter {
    registry: Arc<Registry>,
    metrics: Arc<Metrics>,
    in_flight: AtomicUsize,
    max_in_flight: usize,
}

impl Filter {
    /// A filter that sheds what would exceed `max_in_flight` bytes of messages in the whole process.
    pub fn new(registry: Arc<Registry>, metrics: Arc<Metrics>, max_in_flight: usize) -> Self {
        Self {
            registry,
            metrics,
            in_flight: AtomicUsize::new(0),
            max_in_flight,
        }
    }

    /// Judges `messages` in order; `reply` turns each outcome into an answer.
    pub async fn judge<M, R>(
        &self,
        ask: Ask<'_>,
        messages: &[M],
        reply: impl FnMut(&Serving, &M, Outcome) -> R,
    ) -> Result<Vec<R>, Refusal>
    where
        M: Incoming,
    {
        let answers = self.pinned(ask, messages, reply).await;
        if let Err(Refusal::Bug { id }) = &answers {
            let request_id: String = ask.request_id.chars().take(64).collect();
            tracing::error!(id, request_id, messages = messages.len(), "a request met a bug");
        }
        answers
    }

    async fn pinned<M, R>(
        &self,
        ask: Ask<'_>,
        messages: &[M],
        mut reply: impl FnMut(&Serving, &M, Outcome) -> R,
    ) -> Result<Vec<R>, Refusal>
    where
        M: Incoming,
    {
        if ask.deadline.is_some_and(|Deadline(end)| Instant::now() >= end) {
            return Err(Refusal::DeadlineExceeded);
        }
        if messages.len() > MAX_BATCH_MESSAGES {
            return Err(Refusal::TooManyMessages { count: messages.len() });
        }
        let named = (!ask.policy.is_empty()).then(|| ask.policy.parse::<Name>()).transpose();
        let named = named.map_err(|bad| Refusal::BadPolicyName { cause: bad.to_string() })?;
        let policy = named.as_ref().unwrap_or(self.registry.default_policy());
        let serving = self.registry.serving().ok_or(Refusal::NothingLoaded)?;
        let judge = serving.snapshot.judge(policy).ok_or_else(|| Refusal::UnknownPolicy {
            name: policy.to_string(),
            nearest: closest_name(policy, serving.snapshot.policies().map(|known| &known.name)).map(Name::to_string),
        })?;
        let _admitted = self.admit(messages)?;
        let options = Options {
            offsets: ask.offsets,
            explain: ask.explain,
            generation: serving.generation,
        };
        let mut answers = Vec::with_capacity(messages.len());
        let mut tally = Tally::default();
        while answers.len() < messages.len() {
            let rest = &messages[answers.len()..];
            let chunk = || -> Result<(), Refusal> {
                SCRATCH.with_borrow_mut(|scratch| {
                    let mut judging = Judging {
                        judge,
                        options,
                        scratch,
                        tally: &mut tally,
                    };
                    judging.until_time_is_up(ask.deadline, rest, |message, outcome| {
                        answers.push(reply(&serving, message, outcome));
                    })
                })
            };
            telemetry::catch(chunk).map_err(|bug| {
                SCRATCH.take();
                Refusal::Bug { id: bug.id }
            })??;
            if answers.len() < messages.len() {
                tokio::task::yield_now().await;
            }
        }
        tally.report(&self.metrics);
        Ok(answers)
    }

    fn admit<M: Incoming>(&self, messages: &[M]) -> Result<Admitted<'_>, Refusal> {
        let bytes = messages.iter().map(|m| m.bytes() + MESSAGE_OVERHEAD_BYTES).sum();
        let admitted = Admitted { filter: self, bytes };
        // Relaxed: the number alone decides, no other memory hangs on it.
        let before = self.in_flight.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes > self.max_in_flight {
            return Err(Refusal::Overloaded);
        }
        Ok(admitted)
    }
}

/// A batch's share of what may be in flight, given back when it is dropped.
struct Admitted<'a> {
    filter: &'a Filter,
    bytes: usize,
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.filter.in_flight.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// What came of the messages so far.
#[derive(Default)]
struct Tally {
    by_action: [u64; 4],
    errors: Vec<&'static str>,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Ok(verdict) => self.by_action[verdict.action as usize] += 1,
            Err(error) => self.errors.push(word(error.reason())),
        }
    }

    fn report(&self, metrics: &Metrics) {
        metrics.messages(self.by_action);
        for reason in &self.errors {
            metrics.message_error(reason);
        }
    }
}

/// What the messages of one batch share.
struct Judging<'s, 'a> {
    judge: Judge<'s>,
    options: Options,
    scratch: &'a mut Scratch,
    tally: &'a mut Tally,
}

impl Judging<'_, '_> {
    /// Judges messages until they end or the thread should do something else. No portion is started after the deadline.
    fn until_time_is_up<M: Incoming>(
        &mut self,
        deadline: Option<Deadline>,
        messages: &[M],
        mut answer: impl FnMut(&M, Outcome),
    ) -> Result<(), Refusal> {
        let started = Instant::now();
        let mut now = started;
        for messages in portions(messages) {
            if deadline.is_some_and(|Deadline(end)| now >= end) {
                return Err(Refusal::DeadlineExceeded);
            }
            self.portion(messages, &mut answer);
            now = Instant::now();
            if now.duration_since(started) >= MAX_BLOCKING {
                break;
            }
        }
        Ok(())
    }

    /// Judges a few messages at once.
    fn portion<M: Incoming>(&mut self, messages: &[M], answer: &mut impl FnMut(&M, Outcome)) {
        let read: Vec<_> = messages.iter().map(Incoming::read).collect();
        let good: Vec<_> = read
            .iter()
            .filter_map(|message| message.as_ref().ok().copied())
            .collect();
        let mut judged = Vec::with_capacity(good.len());
        self.judge
            .check_batch(&good, &Context::default(), &self.options, self.scratch, |outcome| {
                judged.push(outcome);
            });
        let mut judged = judged.into_iter();
        for (message, read) in messages.iter().zip(read) {
            // As many outcomes as good messages, in their order.
            let judged = |_| judged.next().map(|outcome| outcome.map_err(Unjudged::Core));
            let Some(outcome) = read.map_or_else(|unread| Some(Err(unread)), judged) else {
                return;
            };
            self.tally.count(&outcome);
            answer(message, outcome);
        }
    }
}

/// Runs of messages that are judged together: as many as make [`PORTION_BYTES`], at least one.
fn portions<M: Incoming>(mut messages: &[M]) -> impl Iterator<Item = &[M]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |message: &&M| {
            let before = bytes;
            bytes += message.bytes() + MESSAGE_OVERHEAD_BYTES;
            before < PORTION_BYTES
        };
        let count = messages.iter().take_while(fits).count();
        let (portion, rest) = messages.split_at(count);
        messages = rest;
        (count > 0).then_some(portion)
    })
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, AtomicUsize, Ordering},
        thread::sleep,
        time::Duration,
    };

    use super::*;
    use crate::shipped;

    /// A message that does something when it is read.
    struct Acting<F>(F);

    impl<F: Fn()> Incoming for Acting<F> {
        fn bytes(&self) -> usize {
            // A portion of its own.
            PORTION_BYTES
        }

        fn read(&self) -> Result<Message<'_>, Unjudged> {
            (self.0)();
            Ok(Message {
                text: b"hi",
                ..Message::default()
            })
        }
    }

    fn filter() -> Filter {
        let metrics = Arc::new(Metrics::default());
        let registry = Arc::new(Registry::new(Name::default(), Arc::clone(&metrics)).unwrap());
        let loaded = shipped::parsed().unwrap();
        registry.publish(loaded.dictionaries, loaded.policies).unwrap();
        Filter::new(registry, metrics, 1_000_000)
    }

    async fn judged<F: Fn()>(
        filter: &Filter,
        deadline: Option<Deadline>,
        messages: &[Acting<F>],
    ) -> Result<usize, Refusal> {
        let ask = Ask {
            policy: "",
            offsets: OffsetUnit::Bytes,
            explain: false,
            request_id: "",
            deadline,
        };
        filter
            .judge(ask, messages, |_, _, outcome| outcome.is_ok())
            .await
            .map(|answers| answers.len())
    }

    #[tokio::test]
    async fn a_bug_in_one_batch_is_internal_with_an_id_and_the_next_is_judged() {
        let filter = filter();
        let refusal = judged(&filter, None, &[Acting(|| panic!("as tested"))])
            .await
            .unwrap_err();
        assert_eq!(refusal.code(), tonic::Code::Internal);
        assert!(refusal.to_string().contains("bug-"), "{refusal}");
        assert_eq!(judged(&filter, None, &[Acting(|| {})]).await, Ok(1));
        assert_eq!(filter.in_flight.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn no_message_is_started_after_the_deadline() {
        let started = AtomicUsize::new(0);
        let end = Instant::now() + Duration::from_millis(50);
        let message = || {
            started.fetch_add(1, Ordering::Relaxed);
            sleep(end.saturating_duration_since(Instant::now()));
        };
        let messages = [Acting(&message), Acting(&message), Acting(&message)];
        let answer = judged(&filter(), Some(Deadline(end)), &messages).await;
        assert_eq!(answer, Err(Refusal::DeadlineExceeded));
        assert!(started.load(Ordering::Relaxed) <= 1);
    }

    #[tokio::test]
    async fn a_long_batch_lets_other_work_in_between_its_messages() {
        let (turns, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, done) = (Arc::clone(&turns), Arc::clone(&over));
        let other = tokio::spawn(async move {
            while !done.load(Ordering::Relaxed) {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        let slow = || sleep(MAX_BLOCKING);
        let messages: Vec<_> = (0..20).map(|_| Acting(slow)).collect();
        assert_eq!(judged(&filter(), None, &messages).await, Ok(20));
        over.store(true, Ordering::Relaxed);
        other.await.unwrap();
        assert!(turns.load(Ordering::Relaxed) >= 19);
    }
}
