//! `tamis.v1.PolicyService` over gRPC.

use futures_util::StreamExt;
use tonic::{Request, Response, Status, Streaming};

use super::{Operations, Role, name, receive::Part};
use crate::{
    identity::Name,
    service::proto::{
        self, GetPolicyRequest, GetPolicyResponse, ListPoliciesRequest, ListPoliciesResponse,
        PolicyServiceDiffRevisionsRequest, PolicyServiceDiffRevisionsResponse, PolicyServiceGetRevisionRequest,
        PolicyServiceGetRevisionResponse, PolicyServiceListRevisionsRequest, PolicyServiceListRevisionsResponse,
        PolicyServicePushRevisionRequest, PolicyServicePushRevisionResponse,
        policy_service_push_revision_request as push, policy_service_server::PolicyService,
    },
    store::Sort,
};

impl Operations {
    async fn policy(&self, name: &Name) -> Result<proto::Policy, Status> {
        let known = self.known(Sort::Policy, name).await?;
        let serving = known.serving.as_ref();
        let policy = serving.and_then(|s| s.snapshot.policies().find(|policy| policy.name == *name));
        Ok(proto::Policy {
            name: name.to_string(),
            dictionaries: policy
                .map(|policy| policy.dictionaries.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            active_revision: known.active_revision,
            newest_revision: known.newest_revision,
            suspended_cases: known.suspended_cases,
        })
    }
}

#[tonic::async_trait]
impl PolicyService for Operations {
    async fn push_revision(
        &self,
        request: Request<Streaming<PolicyServicePushRevisionRequest>>,
    ) -> Result<Response<PolicyServicePushRevisionResponse>, Status> {
        let author = self.author(&request, Role::Edit)?;
        let parts = request.into_inner().map(|message| {
            Ok(match message?.part {
                Some(push::Part::Header(header)) => Part::Header(header),
                Some(push::Part::Chunk(chunk)) => Part::Chunk(chunk),
                None => Part::Nothing,
            })
        });
        let result = self.receive(Sort::Policy, author, parts).await?;
        Ok(Response::new(PolicyServicePushRevisionResponse {
            result: Some(result),
        }))
    }

    async fn list_policies(&self, _: Request<ListPoliciesRequest>) -> Result<Response<ListPoliciesResponse>, Status> {
        let mut policies = Vec::new();
        for name in self.keeper.names(Sort::Policy).await? {
            policies.push(self.policy(&name).await?);
        }
        Ok(Response::new(ListPoliciesResponse { policies }))
    }

    async fn get_policy(&self, request: Request<GetPolicyRequest>) -> Result<Response<GetPolicyResponse>, Status> {
        let policy = self.policy(&name("name", &request.get_ref().name)?).await?;
        Ok(Response::new(GetPolicyResponse { policy: Some(policy) }))
    }

    async fn list_revisions(
        &self,
        request: Request<PolicyServiceListRevisionsRequest>,
    ) -> Result<Response<PolicyServiceListRevisionsResponse>, Status> {
        let asked = request.get_ref();
        let revisions = self.revisions_of(Sort::Policy, &asked.name, asked.page_size).await?;
        Ok(Response::new(PolicyServiceListRevisionsResponse { revisions }))
    }

    async fn get_revision(
        &self,
        request: Request<PolicyServiceGetRevisionRequest>,
    ) -> Result<Response<PolicyServiceGetRevisionResponse>, Status> {
        let asked = request.get_ref();
        let revision = self.revision_of(Sort::Policy, &asked.name, &asked.revision).await?;
        Ok(Response::new(PolicyServiceGetRevisionResponse {
            revision: Some(revision),
        }))
    }

    async fn diff_revisions(
        &self,
        request: Request<PolicyServiceDiffRevisionsRequest>,
    ) -> Result<Response<PolicyServiceDiffRevisionsResponse>, Status> {
        let asked = request.get_ref();
        let (from, to, lists) = self.diff_of(Sort::Policy, &asked.name, &asked.from, &asked.to).await?;
        Ok(Response::new(PolicyServiceDiffRevisionsResponse { from, to, lists }))
    }
}
