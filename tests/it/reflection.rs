//! Reflection shows the public proto: what the server decodes as bytes is `string` for everyone else.

use futures_util::stream;
use prost::Message;
use prost_types::{FileDescriptorProto, field_descriptor_proto::Type};

use crate::support::Running;

const SERVICES: [&str; 2] = ["grpc.health.v1.Health", "tamis.v1.FilterService"];

/// Asks one version of reflection for the services, and for the file of `tamis.v1.Message`.
macro_rules! asked {
    ($server:expr, $version:ident) => {{
        use tonic_reflection::pb::$version::{
            ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
            server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
        };
        let ask = |request| ServerReflectionRequest {
            host: String::new(),
            message_request: Some(request),
        };
        let requests = stream::iter([
            ask(MessageRequest::ListServices(String::new())),
            ask(MessageRequest::FileContainingSymbol("tamis.v1.Message".to_owned())),
        ]);
        let mut client = ServerReflectionClient::new($server.channel().await);
        let mut answers = client.server_reflection_info(requests).await.unwrap().into_inner();
        let services = match answers.message().await.unwrap().unwrap().message_response.unwrap() {
            MessageResponse::ListServicesResponse(list) => list.service.into_iter().map(|s| s.name).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let files = match answers.message().await.unwrap().unwrap().message_response.unwrap() {
            MessageResponse::FileDescriptorResponse(files) => files.file_descriptor_proto,
            other => panic!("{other:?}"),
        };
        (services, files)
    }};
}

fn check(services: &[String], files: &[Vec<u8>]) {
    for service in SERVICES {
        assert!(services.iter().any(|s| s == service), "{service} in {services:?}");
    }
    let file = FileDescriptorProto::decode(files[0].as_slice()).unwrap();
    let message = file.message_type.iter().find(|m| m.name() == "Message").unwrap();
    for field in ["id", "text", "scope", "sender", "conversation", "target", "kind"] {
        let field = message.field.iter().find(|f| f.name() == field).unwrap();
        assert_eq!(field.r#type(), Type::String, "{}", field.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_list_the_services_and_show_texts_as_strings() {
    let server = Running::with(&["加微信"]).await;
    let (services, files) = asked!(server, v1);
    check(&services, &files);
    let (services, files) = asked!(server, v1alpha);
    check(&services, &files);
}
