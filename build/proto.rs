//! The gRPC types, compiled without protoc: one package, one public descriptor, two modules of Rust.
//!
//! The public descriptor, which reflection answers from, has `string` where the proto does. The server decodes the strings of a message
//! as bytes, so that bytes which are not UTF-8 are that message's own error instead of the whole request's.

use std::{env, fs, path::PathBuf};

use prost_types::{FileDescriptorSet, field_descriptor_proto::Type};
use protox::prost::Message;

const PROTOS: [&str; 4] = [
    "tamis/v1/filter_service.proto",
    "tamis/v1/dictionary_service.proto",
    "tamis/v1/policy_service.proto",
    "tamis/v1/snapshot_service.proto",
];
const ROOT: &str = "proto";

/// The string fields that the server reads or writes as bytes. Requests: UTF-8 is checked message by message. Replies: the same bytes
/// are shared by many verdicts or taken over from the request.
const BYTES_ON_THE_SERVER: [(&str, &[&str]); 3] = [
    (
        "Message",
        &["id", "text", "scope", "sender", "conversation", "target", "kind"],
    ),
    ("Verdict", &["id", "snapshot"]),
    ("StreamCheckMessagesRequest", &["correlation_id"]),
];

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Writes `descriptor.bin`, `server/tamis.v1.rs` and `client/tamis.v1.rs` into the build's output.
#[expect(clippy::print_stdout, reason = "that is how a build script talks to cargo")]
pub(crate) fn generate() -> Outcome {
    println!("cargo:rerun-if-changed={ROOT}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let public = protox::Compiler::new([ROOT])?
        .include_source_info(true)
        .include_imports(true)
        .open_files(PROTOS)?
        .file_descriptor_set();
    fs::write(out.join("descriptor.bin"), public.encode_to_vec())?;

    let server = out.join("server");
    fs::create_dir_all(&server)?;
    tonic_prost_build::configure()
        .build_client(false)
        .bytes(".")
        .codec_path("crate::service::codec::Codec")
        .out_dir(&server)
        .compile_fds(with_bytes(public.clone()))?;

    let client = out.join("client");
    fs::create_dir_all(&client)?;
    tonic_prost_build::configure()
        .build_server(false)
        .out_dir(&client)
        .compile_fds(public)?;
    Ok(())
}

fn with_bytes(mut set: FileDescriptorSet) -> FileDescriptorSet {
    for message in set.file.iter_mut().flat_map(|file| &mut file.message_type) {
        let Some((_, fields)) = BYTES_ON_THE_SERVER.iter().find(|(name, _)| *name == message.name()) else {
            continue;
        };
        for field in message.field.iter_mut().filter(|field| fields.contains(&field.name())) {
            field.set_type(Type::Bytes);
        }
    }
    set
}
