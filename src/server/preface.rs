//! The HTTP/2 preface, read under a timeout before a connection costs anything more.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::timeout,
};

use crate::config::limits::HANDSHAKE_TIMEOUT;

/// What every HTTP/2 client sends first (RFC 9113, 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose preface has been read, and is given again to whoever reads next.
#[derive(Debug)]
pub(super) struct Greeted {
    stream: TcpStream,
    /// How much of the preface has been given again.
    given: usize,
}

impl Greeted {
    /// Reads the preface; an error where it does not come in time or is none.
    pub(super) async fn read(mut stream: TcpStream) -> io::Result<Self> {
        let mut preface = [0; PREFACE.len()];
        timeout(HANDSHAKE_TIMEOUT, stream.read_exact(&mut preface)).await??;
        if preface == *PREFACE {
            Ok(Self { stream, given: 0 })
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "no http/2 preface"))
        }
    }
}

impl AsyncRead for Greeted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let rest = &PREFACE[self.given..];
        if rest.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let count = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..count]);
        self.given += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Greeted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncWriteExt, net::TcpListener};

    use super::*;

    /// What comes of a peer that sends these bytes and then nothing; the clock runs ahead while everyone waits.
    async fn greeted(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        peer.write_all(bytes).await.unwrap();
        let mut greeted = Greeted::read(stream).await?;
        let mut all = vec![0; bytes.len()];
        greeted.read_exact(&mut all).await.unwrap();
        Ok(all)
    }

    #[tokio::test]
    async fn the_preface_is_given_again_before_what_follows() {
        let bytes = [PREFACE.as_slice(), b"frames"].concat();
        assert_eq!(greeted(&bytes).await.unwrap(), bytes);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_does_not_finish_it_in_time_is_given_up() {
        let error = greeted(&PREFACE[..5]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn what_is_no_http2_is_refused() {
        let error = greeted(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
