//! What is wrong with a file that someone wrote, and how to mend it. Every parser and linter reports all of a file's problems in one go.

use std::fmt;

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth a look; the folder still goes live.
    Warning,
    /// The folder is refused.
    Error,
}

/// One problem: where it is, what it is, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether the folder is refused because of it.
    pub level: Level,
    /// The file inside the folder, such as `terms.csv`; with the folder in front where several were read.
    pub file: String,
    /// The line, counted from 1; 0 where the problem belongs to the file as a whole.
    pub line: u64,
    /// The column or key, empty where there is none.
    pub field: String,
    /// The offending value, shortened; empty where there is none.
    pub value: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

impl Problem {
    /// An error in `file`; complete it with [`Problem::at`] and [`Problem::mend`].
    pub fn error(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Level::Error, file, message)
    }

    /// A warning about `file`.
    pub fn warning(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Level::Warning, file, message)
    }

    fn new(level: Level, file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            level,
            file: file.into(),
            line: 0,
            field: String::new(),
            value: String::new(),
            message: message.into(),
            mend: String::new(),
        }
    }

    /// Says where: line (from 1; 0 for the whole file), field and offending value, of which 80 characters are kept.
    #[must_use]
    pub fn at(mut self, line: u64, field: &str, value: &str) -> Self {
        self.line = line;
        field.clone_into(&mut self.field);
        self.value = value.chars().take(80).collect();
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = mend.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        f.write_str(": ")?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        if !self.value.is_empty() {
            write!(f, "{:?}: ", self.value)?;
        }
        f.write_str(&self.message)?;
        if !self.mend.is_empty() {
            write!(f, "; {}", self.mend)?;
        }
        Ok(())
    }
}

/// All the problems found in one go, and whether any of them refuses the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// True where at least one is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|p| p.level == Level::Error)
    }

    /// Only the errors: what a refusal shows.
    #[must_use]
    pub fn errors(mut self) -> Self {
        self.0.retain(|problem| problem.level == Level::Error);
        self
    }

    /// True where there is none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
