//! The real binary, started as operations start it.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

use tempfile::TempDir;

/// Far longer than anything here takes: a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A `tamis serve` whose log is read along.
pub(crate) struct Binary {
    child: Child,
    log: Arc<(Mutex<String>, Condvar)>,
    /// Where it keeps its state, where the test does not say.
    data: TempDir,
    reader: Option<JoinHandle<()>>,
}

impl Binary {
    /// Starts `tamis serve` with these arguments and variables on free ports, and waits until it listens.
    pub(crate) fn serve(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tamis"))
            .args(["serve", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"])
            .args(args)
            .env("TAMIS_DATA", data.path())
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new((Mutex::new(String::new()), Condvar::new()));
        let (lines, written) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&log));
        let reader = thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                written.0.lock().unwrap().push_str(&(line + "\n"));
                written.1.notify_all();
            }
        });
        let binary = Self {
            child,
            log,
            data,
            reader: Some(reader),
        };
        binary.wait_for("listener=\"http\"");
        binary
    }

    /// Serves a folder that is watched.
    pub(crate) fn watching(folder: &Path) -> Self {
        let binary = Self::serve(&["--watch", folder.to_str().unwrap()], &[("TAMIS_DRAIN_DELAY", "0ms")]);
        binary.wait_for("generation=1");
        binary
    }

    /// Where it keeps its state.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    pub(crate) fn grpc(&self) -> SocketAddr {
        self.address("grpc")
    }

    pub(crate) fn http(&self) -> SocketAddr {
        self.address("http")
    }

    fn address(&self, listener: &str) -> SocketAddr {
        let log = self.log();
        let (_, rest) = log.split_once(&format!("listener=\"{listener}\" address=")).unwrap();
        rest.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Everything logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.0.lock().unwrap().clone()
    }

    /// Waits until the log holds `words`.
    pub(crate) fn wait_for(&self, words: &str) {
        let log = self.log.0.lock().unwrap();
        let (log, waited) = self
            .log
            .1
            .wait_timeout_while(log, PATIENCE, |log| !log.contains(words))
            .unwrap();
        assert!(!waited.timed_out(), "no {words:?} in the log:\n{log}");
    }

    /// A field of `/proc/PID/status` in KiB; 0 where there is none.
    pub(crate) fn memory(&self, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok())
            .unwrap_or_default()
    }

    /// Lets the most memory that was held be counted from now on.
    pub(crate) fn forget_peak(&self) {
        let _ = fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits until the process ends; gives its exit code and its whole log.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        (status, self.log())
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        // It is gone already where the story ended well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
