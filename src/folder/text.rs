//! From a file's bytes to its text, and from places in the text to lines.

use super::Findings;
use crate::problem::Problem;

/// The text of a file: UTF-8, without its byte order mark. Anything else is one clear error with the first line that is wrong.
pub(crate) fn decode<'b>(file: &str, bytes: &'b [u8], findings: &mut Findings) -> Option<&'b str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (message, at) = match std::str::from_utf8(bytes) {
        _ if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) => ("the file is UTF-16", 0),
        Ok(text) => match text.find('\0') {
            None => return Some(text),
            Some(at) => ("a NUL byte: the file is UTF-16 without a mark, or no text at all", at),
        },
        Err(error) => (
            "the file is not UTF-8 from this line on; it may be GB 18030 or Big5",
            error.valid_up_to(),
        ),
    };
    let line = 1 + bytes[..at].split(|&byte| byte == b'\n').skip(1).count() as u64;
    findings.add(Problem::error(file, message).at(line, "", "").mend("save it as UTF-8"));
    None
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Looks through `text` once.
    pub(crate) fn of(text: &str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            starts: std::iter::once(0).chain(after.map(|(at, _)| at + 1)).collect(),
        }
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub(crate) fn line(&self, offset: usize) -> u64 {
        self.starts.partition_point(|&start| start <= offset) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let mut findings = Findings::default();
        assert_eq!(decode("f", b"\xef\xbb\xbfa\r\n", &mut findings), Some("a\r\n"));
        assert_eq!(decode("f", b"", &mut findings), Some(""));
    }

    #[test]
    fn other_encodings_are_named_with_the_line() {
        let refused = |bytes: &[u8]| {
            let mut findings = Findings::default();
            assert_eq!(decode("f", bytes, &mut findings), None);
            findings.settle("f", None::<()>).unwrap_err().to_string()
        };
        let utf16 = refused(&[0xff, 0xfe, 0x61, 0]);
        assert_eq!(utf16, "f:1: the file is UTF-16; save it as UTF-8");
        let unmarked = refused(b"a\n\0b");
        assert!(unmarked.starts_with("f:2: a NUL byte"), "{unmarked}");
        // "刷单" in GB 18030.
        let gb = refused(b"\xef\xbb\xbfok\nok\n\xcb\xa2\xb5\xa5\n");
        assert!(gb.starts_with("f:3: the file is not UTF-8"), "{gb}");
    }

    #[test]
    fn offsets_become_lines() {
        let lines = Lines::of("a\nbc\n\nd");
        let at: Vec<u64> = [0, 1, 2, 4, 5, 6, 99].map(|offset| lines.line(offset)).into();
        assert_eq!(at, [1, 1, 2, 2, 3, 4, 4]);
    }
}
