//! Calls below gRPC's manners: HTTP/2 requests whose every byte is ours, and bare frames.

use std::{collections::HashMap, convert::Infallible, net::SocketAddr};

use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Request, Response,
    body::{Frame, Incoming},
    client::conn::http2,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::{Message, bytes::Bytes};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

pub(crate) const UNARY: &str = "/tamis.v1.FilterService/CheckMessages";
pub(crate) const STREAM: &str = "/tamis.v1.FilterService/StreamCheckMessages";

/// A message in its gRPC frame.
pub(crate) fn framed(message: &impl Message) -> Vec<u8> {
    framed_bytes(&message.encode_to_vec())
}

pub(crate) fn framed_bytes(message: &[u8]) -> Vec<u8> {
    let mut frame = vec![0];
    frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    frame.extend(message);
    frame
}

/// A call whose request body is written piece by piece.
pub(crate) struct Call {
    pub(crate) body: mpsc::Sender<Result<Frame<Bytes>, Infallible>>,
    pub(crate) answer: tokio::task::JoinHandle<hyper::Result<Response<Incoming>>>,
}

impl Call {
    /// Opens a call on a connection of its own.
    pub(crate) async fn open(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let (body, pieces) = mpsc::channel(64);
        let mut request = Request::post(format!("http://{address}{path}"))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(StreamBody::new(ReceiverStream::new(pieces))).unwrap();
        let answer = tokio::spawn(async move { sender.send_request(request).await });
        Self { body, answer }
    }

    pub(crate) async fn send(&self, piece: &[u8]) {
        let frame = Frame::data(Bytes::copy_from_slice(piece));
        self.body.send(Ok(frame)).await.unwrap();
    }

    /// Ends the request and reads the answer: its status, and the bytes of its body.
    pub(crate) async fn end(self) -> (Status, Vec<u8>) {
        drop(self.body);
        read(self.answer.await.unwrap().unwrap()).await
    }

    /// Reads the answer while the request is still open.
    pub(crate) async fn answered_early(self) -> (Status, Vec<u8>) {
        let answer = read(self.answer.await.unwrap().unwrap()).await;
        drop(self.body);
        answer
    }
}

/// One call with this body.
pub(crate) async fn call(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (Status, Vec<u8>) {
    let call = Call::open(address, path, headers).await;
    call.send(body).await;
    call.end().await
}

async fn read(answer: Response<Incoming>) -> (Status, Vec<u8>) {
    let (head, body) = answer.into_parts();
    let body = body.collect().await.unwrap();
    let trailers = body.trailers().cloned();
    let status = Status::from_header_map(&head.headers)
        .or_else(|| trailers.as_ref().and_then(Status::from_header_map))
        .unwrap_or_else(|| Status::new(Code::Unknown, format!("no grpc-status; http {}", head.status)));
    (status, body.to_bytes().to_vec())
}

/// A connection on which we write HTTP/2 frames ourselves.
pub(crate) struct Frames {
    stream: TcpStream,
}

/// One frame as it came.
#[derive(Debug)]
pub(crate) struct RawFrame {
    pub(crate) kind: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frames {
    /// Connects and sends the preface and empty settings.
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let mut frames = Self {
            stream: TcpStream::connect(address).await.unwrap(),
        };
        frames.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
        frames.write(&frame(4, 0, 0, &[])).await;
        frames
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        // The server may have closed already, which the next read shows.
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next frame; `None` once the connection has ended.
    pub(crate) async fn next(&mut self) -> Option<RawFrame> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        self.stream.read_exact(&mut payload).await.ok()?;
        Some(RawFrame {
            kind: head[3],
            stream: u32::from_be_bytes([head[5], head[6], head[7], head[8]]),
            payload,
        })
    }

    /// The error code of the GOAWAY that the server sends, `None` where it only closes.
    pub(crate) async fn goaway(&mut self) -> Option<u32> {
        while let Some(frame) = self.next().await {
            if frame.kind == 7 {
                return Some(u32::from_be_bytes(frame.payload[4..8].try_into().unwrap()));
            }
        }
        None
    }
}

impl RawFrame {
    /// The values of a SETTINGS frame by their numbers.
    pub(crate) fn settings(&self) -> HashMap<u16, u32> {
        assert_eq!(self.kind, 4, "{self:?}");
        let entry = |e: &[u8]| {
            (
                u16::from_be_bytes([e[0], e[1]]),
                u32::from_be_bytes([e[2], e[3], e[4], e[5]]),
            )
        };
        self.payload.chunks(6).map(entry).collect()
    }
}

/// The bytes of a frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A HEADERS frame that opens `stream`: `POST http /`, from HPACK's static table.
pub(crate) fn headers(stream: u32) -> Vec<u8> {
    frame(1, 4, stream, &[0x83, 0x86, 0x84])
}

/// The same with a header that HTTP/2 forbids, which is an error of the stream.
pub(crate) fn malformed_headers(stream: u32) -> Vec<u8> {
    frame(1, 4, stream, b"\x83\x86\x84\x00\x0aconnection\x01x")
}
