//! Receiving a push: a header, then the files in pieces, bounded before they are kept.

use futures_util::{Stream, StreamExt};
use tonic::{Code, Status};

use super::{
    Operations, name,
    status::{bad_field, problems_in, problems_of, status},
    wire,
};
use crate::{
    config::limits::MAX_PUSH_BYTES,
    folder::Folder,
    registry::{Declined, Push, Pushed},
    service::proto::{self, ErrorReason, FileChunk, PushHeader},
    store::Sort,
};

/// Most files of a folder; it has half a dozen.
const MAX_FILES: usize = 100;

/// One message of a push.
pub(super) enum Part {
    Header(PushHeader),
    Chunk(FileChunk),
    Nothing,
}

impl Operations {
    /// Receives a folder, gates it, keeps it.
    pub(super) async fn receive(
        &self,
        sort: Sort,
        author: String,
        parts: impl Stream<Item = Result<Part, Status>> + Unpin,
    ) -> Result<proto::PushResult, Status> {
        let one_of_few = self.pushes.acquire().await;
        let (header, folder) = received(parts).await?;
        let name = name("header.name", &header.name)?;
        let parent =
            match header.parent.as_str() {
                "" => None,
                written => Some(written.parse().map_err(|_| {
                    bad_field("header.parent", "not a revision: write `b3:` and 64 hexadecimal digits")
                })?),
            };
        let about = Self::about(author, &header.note, &header.request_id, [])?;
        let push = Push {
            sort,
            name: name.clone(),
            folder,
            parent,
            validate_only: header.validate_only,
            gate_later: header.gate_later,
        };
        // Caller gone or not: what was received is carried through.
        let keeper = self.keeper.clone();
        let pushed = tokio::spawn(async move { keeper.push(push, &about).await });
        let pushed = pushed.await.unwrap_or(Err(Declined::NotReady));
        drop(one_of_few);
        match pushed {
            Ok(Pushed {
                revision,
                known,
                warnings,
            }) => Ok(proto::PushResult {
                revision: Some(wire::revision(&revision, false, None)),
                known,
                passed: true,
                problems: problems_in(&warnings),
            }),
            Err(Declined::Rejected(rejected)) if header.validate_only => Ok(proto::PushResult {
                revision: None,
                known: false,
                passed: false,
                problems: problems_of(&rejected),
            }),
            Err(declined) => Err(declined.into()),
        }
    }
}

async fn received(mut parts: impl Stream<Item = Result<Part, Status>> + Unpin) -> Result<(PushHeader, Folder), Status> {
    let Some(Part::Header(header)) = parts.next().await.transpose()? else {
        return Err(bad_field("header", "the first message of a push is its header"));
    };
    room(header.size_bytes)?;
    let mut folder = Folder::default();
    let mut bytes = 0;
    while let Some(part) = parts.next().await.transpose()? {
        let Part::Chunk(chunk) = part else {
            return Err(bad_field("chunk", "after the header come pieces of files"));
        };
        bytes += chunk.data.len() as u64;
        room(bytes)?;
        if !is_file_name(&chunk.file) {
            return Err(bad_field(
                "chunk.file",
                "write the name of a file inside the folder, such as terms.csv",
            ));
        }
        folder
            .files
            .entry(chunk.file)
            .or_default()
            .extend_from_slice(&chunk.data);
        if folder.files.len() > MAX_FILES {
            return Err(bad_field(
                "chunk.file",
                format!("more than {MAX_FILES} files; a folder has half a dozen"),
            ));
        }
    }
    Ok((header, folder))
}

fn room(bytes: u64) -> Result<(), Status> {
    if bytes > MAX_PUSH_BYTES {
        let text = format!("the folder has more than {MAX_PUSH_BYTES} bytes; split it into several");
        return Err(status(
            Code::ResourceExhausted,
            ErrorReason::PushTooLarge,
            "chunk",
            &text,
        ));
    }
    Ok(())
}

fn is_file_name(name: &str) -> bool {
    (1..=255).contains(&name.len()) && !name.contains(['/', '\\', '\0']) && name != "." && name != ".."
}
