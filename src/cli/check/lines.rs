//! Lines of a stream of any length, in bounded memory.

use std::io::{self, BufRead, BufReader, Read};

/// How much is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// What a line may carry besides its text: a byte-order mark and a carriage return.
const TRIMMINGS: usize = 4;

/// Reads lines, and of each at most `limit` bytes.
pub(in crate::cli) struct Lines<R> {
    reader: BufReader<R>,
    limit: usize,
    line: Vec<u8>,
    number: u64,
}

/// One line without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Line<'a> {
    /// Counted from 1.
    pub(in crate::cli) number: u64,
    /// Its bytes; of a line over the limit only the first ones.
    pub(in crate::cli) bytes: &'a [u8],
    /// How long it is, in bytes.
    pub(in crate::cli) length: usize,
    /// How much was read for it, its end included.
    pub(in crate::cli) read: u64,
}

impl Line<'_> {
    /// True where bytes were dropped because the line is over the limit.
    pub(in crate::cli) fn is_cut(&self) -> bool {
        self.length > self.bytes.len()
    }
}

impl<R: Read> Lines<R> {
    /// Lines of `reader`, which may be as long as they like: what is over `limit` bytes is counted and dropped.
    pub(in crate::cli) fn new(reader: R, limit: usize) -> Self {
        Self {
            reader: BufReader::with_capacity(CHUNK, reader),
            limit,
            line: Vec::new(),
            number: 0,
        }
    }

    /// The next line; `None` at the end. A line feed at the very end starts no further line.
    pub(in crate::cli) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let mut read = 0;
        let ended = loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            let end = chunk.iter().position(|&b| b == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = (self.limit + TRIMMINGS).saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            read += used;
            if end.is_some() || used == 0 {
                break end.is_some();
            }
        };
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(self.trimmed(read, ended)))
    }

    fn trimmed(&self, read: usize, ended: bool) -> Line<'_> {
        let mut bytes = self.line.as_slice();
        let mut length = read - usize::from(ended);
        let whole = bytes.len() == length;
        if self.number == 1
            && let Some(rest) = bytes.strip_prefix("\u{feff}".as_bytes())
        {
            length -= bytes.len() - rest.len();
            bytes = rest;
        }
        if whole
            && ended
            && let Some(rest) = bytes.strip_suffix(b"\r")
        {
            length -= 1;
            bytes = rest;
        }
        Line {
            number: self.number,
            bytes: &bytes[..bytes.len().min(self.limit)],
            length,
            read: read as u64,
        }
    }

    /// True where the next line may have to be waited for.
    pub(in crate::cli) fn may_wait(&self) -> bool {
        self.reader.buffer().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(limit: usize, input: &[u8]) -> Vec<(Vec<u8>, usize)> {
        let mut lines = Lines::new(input, limit);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            assert_eq!(line.number, all.len() as u64 + 1);
            all.push((line.bytes.to_vec(), line.length));
        }
        all
    }

    fn texts(input: &str) -> Vec<String> {
        let lines = read(100, input.as_bytes());
        lines
            .into_iter()
            .map(|(bytes, _)| String::from_utf8(bytes).unwrap())
            .collect()
    }

    #[test]
    fn the_last_line_needs_no_end_and_an_end_starts_no_line() {
        assert_eq!(texts("a\nb"), ["a", "b"]);
        assert_eq!(texts("a\nb\n"), ["a", "b"]);
        assert_eq!(texts("\n\n"), ["", ""]);
        assert!(texts("").is_empty());
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_are_no_text() {
        assert_eq!(texts("\u{feff}a\r\n\u{feff}b\r\n"), ["a", "\u{feff}b"]);
        assert_eq!(texts("a\rb\n\r\n"), ["a\rb", ""]);
        assert_eq!(texts("\u{feff}"), [""]);
    }

    #[test]
    fn a_line_over_the_limit_is_counted_and_the_next_one_read() {
        let input = [b"x".repeat(300_000), b"\nok\n".to_vec()].concat();
        let lines = read(10, &input);
        assert_eq!(lines[0], (b"x".repeat(10), 300_000));
        assert_eq!(lines[1], (b"ok".to_vec(), 2));
    }

    #[test]
    fn a_line_of_just_the_limit_keeps_its_length_whatever_ends_it() {
        for end in ["", "\n", "\r\n"] {
            assert_eq!(
                read(4, format!("\u{feff}abcd{end}").as_bytes()),
                [(b"abcd".to_vec(), 4)]
            );
            assert_eq!(read(4, format!("abcde{end}").as_bytes()), [(b"abcd".to_vec(), 5)]);
        }
    }
}
