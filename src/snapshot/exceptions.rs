//! The exceptions found in one message, and whether a hit lies inside one of them.

use super::entry::Owner;

/// Occurrences of exceptions. Add all, seal once, then ask; each question costs a binary search, so that a message full of hits and
/// exceptions stays near linear.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    /// Owner, start, end; after sealing in order, and `end` is the farthest end of this owner's exceptions up to here.
    spans: Vec<(Owner, u32, u32)>,
}

impl Exceptions {
    pub(super) fn clear(&mut self) {
        self.spans.clear();
    }

    /// Of those that one owner has at one place the longest is kept, where they are added one after the other.
    pub(super) fn add(&mut self, owner: Owner, start: u32, end: u32) {
        let here = self.spans.iter_mut().rev().take_while(|span| span.1 == start);
        match here.into_iter().find(|span| span.0 == owner) {
            Some(span) => span.2 = span.2.max(end),
            None => self.spans.push((owner, start, end)),
        }
    }

    pub(super) fn seal(&mut self) {
        self.spans.sort_unstable();
        for i in 1..self.spans.len() {
            let (owner, _, farthest) = self.spans[i - 1];
            let span = &mut self.spans[i];
            if span.0 == owner {
                span.2 = span.2.max(farthest);
            }
        }
    }

    /// True where an exception of `owner` spans `start..end` or more.
    pub(super) fn cover(&self, owner: Owner, start: u32, end: u32) -> bool {
        let upto = self.spans.partition_point(|&(o, s, _)| (o, s) <= (owner, start));
        upto > 0 && matches!(self.spans[upto - 1], (o, _, farthest) if o == owner && farthest >= end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_exception_of_the_same_owner_that_reaches_over_the_whole_hit_covers_it() {
        let (ours, theirs) = (Owner::DictionaryException(0, 0), Owner::DictionaryException(1, 0));
        let mut exceptions = Exceptions::default();
        for (owner, start, end) in [(ours, 4, 5), (ours, 0, 10), (theirs, 0, 99)] {
            exceptions.add(owner, start, end);
        }
        exceptions.seal();
        assert!(exceptions.cover(ours, 4, 6), "the longer one that starts earlier");
        assert!(exceptions.cover(ours, 0, 10), "equal");
        assert!(!exceptions.cover(ours, 9, 11), "reaches outside");
        assert!(!exceptions.cover(Owner::PolicyException(0), 4, 5));
    }
}
